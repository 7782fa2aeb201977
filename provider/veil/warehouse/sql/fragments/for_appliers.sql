-- for_appliers(): lets in the system account, and who applies by procedures alone.
IF SESSION_USER <> CURRENT_USER THEN
    DECLARE
        listed INTEGER;
    BEGIN
        {{not_as_another()}}
        SELECT pg_catalog.COUNT(a.immuta__userid) INTO listed FROM {system}.applier AS a
        WHERE a.immuta__userid || '|' = CAST(SESSION_USER AS VARCHAR(256)) || '|';
        IF listed = 0 THEN
            RAISE EXCEPTION 'veil: only the system account may call this procedure';
        END IF;
    END;
END IF;
