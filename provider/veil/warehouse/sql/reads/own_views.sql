SELECT name, made_hash, text_hash FROM {system}.own_view;
