-- Moves the revision on from the expected one, and leaves the transaction's token. Refuses where it had moved already, or
-- where somebody else wrote it. How the refusal begins is known to veil.warehouse.errors.
CREATE OR REPLACE PROCEDURE {procedures}.advance_revision(expected BIGINT, mark VARCHAR(64)) AS $$
DECLARE
    moved INTEGER;
BEGIN
    {{for_system_account()}}
    UPDATE {system}.revision
    SET
        revision = expected + 1,
        token = mark,
        seal = {{revision_seal(CAST(expected + 1 AS VARCHAR(32)), mark)}}
    WHERE
        revision = expected
        AND seal = {{revision_seal(CAST(revision AS VARCHAR(32)), token)}};
    GET DIAGNOSTICS moved := ROW_COUNT;
    IF moved <> 1 THEN
        RAISE EXCEPTION 'veil: the revision moved';
    END IF;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.advance_revision(BIGINT, VARCHAR) FROM PUBLIC;
