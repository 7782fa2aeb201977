-- It shows more columns now, and a view that is replaced has to keep its own.
DROP VIEW IF EXISTS {system}.user_profile;
