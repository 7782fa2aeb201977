-- The views that create_view made, or that veil made as their owner: drop_view and create_view touch no other ones.
CREATE TABLE IF NOT EXISTS {system}.made_view (
    view_schema VARCHAR(256) NOT NULL,
    view_name VARCHAR(256) NOT NULL
);
REVOKE ALL ON TABLE {system}.made_view FROM PUBLIC;
