-- not_as_another(): in a procedure that nobody may call who acts as somebody else.
IF COALESCE(pg_catalog.CURRENT_SETTING('app.immuta_impersonate', FALSE), '') || '|' <> '|' THEN
    RAISE EXCEPTION 'veil: not while impersonating another user';
END IF;
