-- For members of the impersonation group: from now on this session sees what another user would see, or with NULL what
-- it is its own to see. What the session may see is decided by user_profile: here is only the friendly refusal.
CREATE OR REPLACE PROCEDURE {procedures}.impersonate_user(target VARCHAR(256)) AS $$
DECLARE
    caller VARCHAR(256);
    granted INTEGER;
    now_as VARCHAR(256);
BEGIN
    caller := SESSION_USER;
    IF target IS NOT NULL THEN
        SELECT pg_catalog.COUNT(i.as_user) INTO granted FROM {system}.impersonation AS i
        WHERE i.immuta__userid = caller AND i.as_user || '|' = target || '|';
        IF granted = 0 THEN
            RAISE EXCEPTION 'veil: % may not impersonate %', caller, target;
        END IF;
    END IF;
    SELECT pg_catalog.SET_CONFIG('app.immuta_impersonate', COALESCE(target, ''), FALSE) INTO now_as;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.impersonate_user(VARCHAR) FROM PUBLIC;
