-- incoming(field): that field of each item that a procedure was given.
SELECT o.{{field}}::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o
