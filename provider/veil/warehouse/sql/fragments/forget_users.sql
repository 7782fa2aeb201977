-- forget_users(): removes the profiles and entries of the users that a procedure was given.
DELETE FROM {system}.profile_entry
WHERE immuta__userid IN (
    {{incoming(userid)}}
);
DELETE FROM {system}.profile
WHERE immuta__userid IN (
    {{incoming(userid)}}
);
