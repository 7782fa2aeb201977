-- take_batch(): puts what a procedure was given into the table `incoming`, where statements can read it.
DELETE FROM {system}.incoming;
INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
