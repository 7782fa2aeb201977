-- not_as_another(): in a procedure that nobody may call who acts as somebody else. {acting_as} is who that is.
IF COALESCE({acting_as}, '') || '|' <> '|' THEN
    RAISE EXCEPTION 'veil: not while impersonating another user';
END IF;
