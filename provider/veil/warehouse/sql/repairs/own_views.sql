DELETE FROM {system}.own_view WHERE name IN ({names});
INSERT INTO {system}.own_view (name, made_hash, text_hash) VALUES {rows};
