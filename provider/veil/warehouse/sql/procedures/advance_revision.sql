-- Moves the revision on from the expected one, and leaves the transaction's token. Refuses where it had moved already, or
-- where somebody else wrote it. How the refusal begins is known to veil.warehouse.errors.
CREATE OR REPLACE PROCEDURE {procedures}.advance_revision(expected BIGINT, mark VARCHAR(64)) AS $$
DECLARE
    moved INTEGER;
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    UPDATE {system}.revision
    SET
        revision = expected + 1,
        token = mark,
        seal = pg_catalog.SHA2(CAST(expected + 1 AS VARCHAR(32)) || pg_catalog.CHR(31) || mark, 256)
    WHERE
        revision = expected
        AND seal = pg_catalog.SHA2(CAST(revision AS VARCHAR(32)) || pg_catalog.CHR(31) || token, 256);
    GET DIAGNOSTICS moved := ROW_COUNT;
    IF moved <> 1 THEN
        RAISE EXCEPTION 'veil: the revision moved';
    END IF;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.advance_revision(BIGINT, VARCHAR) FROM PUBLIC;
