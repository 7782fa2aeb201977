-- For everybody: makes a project of the caller's the current one, or none with NULL. Touches the caller's row only.
-- The bars at the ends keep trailing blanks from being ignored: names are taken to the letter.
CREATE OR REPLACE PROCEDURE {procedures}.switch_project(project VARCHAR(1024)) AS $$
DECLARE
    caller VARCHAR(256);
    found_rows INTEGER;
    mark VARCHAR(64);
BEGIN
    {{not_as_another()}}
    caller := SESSION_USER;
    SELECT pg_catalog.COUNT(p.immuta__userid) INTO found_rows FROM {system}.profile AS p
    WHERE p.immuta__userid || '|' = caller || '|';
    IF found_rows <> 1 THEN
        RAISE EXCEPTION 'veil: % has no profile', caller;
    END IF;
    IF project IS NOT NULL THEN
        SELECT pg_catalog.COUNT(e.value) INTO found_rows FROM {system}.profile_entry AS e
        WHERE e.immuta__userid = caller AND e.kind = 'project' AND e.value || '|' = project || '|';
        IF found_rows = 0 THEN
            RAISE EXCEPTION 'veil: % is not a member of a project named %', caller, project;
        END IF;
    END IF;
    SELECT
        {{runtime_seal(pg_catalog.MAX(s.salt), caller, project)}}
    INTO mark
    FROM {system}.salt AS s
    WHERE s.name = 'seal';
    IF mark IS NULL THEN
        RAISE EXCEPTION 'veil: the integration has to be repaired before projects are switched';
    END IF;
    UPDATE {system}.runtime SET current_project = project, updated_at = pg_catalog.GETDATE(), seal = mark
    WHERE immuta__userid = caller;
    GET DIAGNOSTICS found_rows := ROW_COUNT;
    IF found_rows <> 1 THEN
        DELETE FROM {system}.runtime WHERE immuta__userid = caller;
        INSERT INTO {system}.runtime (immuta__userid, current_project, updated_at, seal)
        VALUES (caller, project, pg_catalog.GETDATE(), mark);
    END IF;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.switch_project(VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE {procedures}.switch_project(VARCHAR) TO PUBLIC;
