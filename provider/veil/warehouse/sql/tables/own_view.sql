-- What each of our own views was made from and, once veil looked, how the warehouse shows it: fingerprints. A warehouse may
-- keep a view's text otherwise than it was sent. Until veil looked, there is no text_hash.
CREATE TABLE IF NOT EXISTS {system}.own_view (
    name VARCHAR(256) NOT NULL,
    made_hash VARCHAR(64) NOT NULL,
    text_hash VARCHAR(64)
);
REVOKE ALL ON TABLE {system}.own_view FROM PUBLIC;
DELETE FROM {system}.own_view;
