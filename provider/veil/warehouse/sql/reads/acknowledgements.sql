SELECT immuta__userid, purpose, text_hash FROM {system}.acknowledgement ORDER BY immuta__userid, purpose;
