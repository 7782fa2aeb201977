-- For everybody: the caller agrees to a purpose of one of their projects, in the words that it has now. Touches the
-- caller's rows only. Other words, or none, are refused with the ones to agree to.
-- The bars at the ends keep trailing blanks from being ignored: names are taken to the letter.
CREATE OR REPLACE PROCEDURE {procedures}.acknowledge_purpose(wanted VARCHAR(1024), words VARCHAR(65535)) AS $$
DECLARE
    caller VARCHAR(256);
    current_hash VARCHAR(1024);
    current_words VARCHAR(65535);
    found_rows INTEGER;
    mark VARCHAR(64);
BEGIN
    {{not_as_another()}}
    caller := SESSION_USER;
    SELECT pg_catalog.COUNT(q.value), pg_catalog.MAX(q.value) INTO found_rows, current_hash
    FROM {system}.profile_entry AS q
    WHERE q.immuta__userid || '|' = caller || '|' AND q.kind = 'acknowledgement'
        AND q.name || '|' = wanted || '|';
    IF found_rows <> 1 THEN
        RAISE EXCEPTION 'veil: % is not a member of a project with a purpose named %', caller, wanted;
    END IF;
    IF words IS NULL OR pg_catalog.LOWER(pg_catalog.SHA2(words, 256)) <> current_hash THEN
        SELECT pg_catalog.MAX(pg_catalog.JSON_EXTRACT_PATH_TEXT(b.body, 'acknowledgement', TRUE)) INTO current_words
        FROM {system}.object AS b
        WHERE b.kind = 'purpose' AND b.parts = 1 AND pg_catalog.STRPOS(wanted || '.', b.name || '.') = 1
            AND pg_catalog.LOWER(
                pg_catalog.SHA2(pg_catalog.JSON_EXTRACT_PATH_TEXT(b.body, 'acknowledgement', TRUE), 256)
            ) = current_hash;
        RAISE EXCEPTION 'veil: the words to agree to are: %', current_words;
    END IF;
    SELECT
        {{acknowledgement_seal(pg_catalog.MAX(s.salt), caller, wanted, current_hash)}}
    INTO mark
    FROM {system}.salt AS s
    WHERE s.name = 'seal';
    IF mark IS NULL THEN
        RAISE EXCEPTION 'veil: the integration has to be repaired before purposes are agreed to';
    END IF;
    DELETE FROM {system}.acknowledgement WHERE immuta__userid = caller AND purpose = wanted;
    INSERT INTO {system}.acknowledgement (immuta__userid, purpose, text_hash, updated_at, seal)
    VALUES (caller, wanted, current_hash, pg_catalog.GETDATE(), mark);
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.acknowledge_purpose(VARCHAR, VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE {procedures}.acknowledge_purpose(VARCHAR, VARCHAR) TO PUBLIC;
