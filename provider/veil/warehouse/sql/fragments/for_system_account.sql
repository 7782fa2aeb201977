-- for_system_account(): in a procedure that only the system account may call.
IF SESSION_USER <> CURRENT_USER THEN
    RAISE EXCEPTION 'veil: only the system account may call this procedure';
END IF;
LOCK TABLE {system}.writer;
