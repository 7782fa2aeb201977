-- What an installation of version 4 of the schemas consisted of. Kept as it was: newer versions must upgrade it.
CREATE SCHEMA IF NOT EXISTS {system};
CREATE SCHEMA IF NOT EXISTS {functions};
CREATE SCHEMA IF NOT EXISTS {procedures};
CREATE SCHEMA IF NOT EXISTS {views};
REVOKE ALL ON SCHEMA {system} FROM PUBLIC;
REVOKE ALL ON SCHEMA {functions} FROM PUBLIC;
REVOKE ALL ON SCHEMA {procedures} FROM PUBLIC;
REVOKE ALL ON SCHEMA {views} FROM PUBLIC;
GRANT USAGE ON SCHEMA {system} TO PUBLIC;
GRANT USAGE ON SCHEMA {functions} TO PUBLIC;
GRANT USAGE ON SCHEMA {procedures} TO PUBLIC;
GRANT USAGE ON SCHEMA {views} TO PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.integration (
    schema_version INTEGER NOT NULL,
    provider_version VARCHAR(64) NOT NULL,
    view_schema VARCHAR(256) NOT NULL,
    impersonation_group VARCHAR(256),
    installed_at TIMESTAMP NOT NULL,
    read_only_role VARCHAR(256)
);
REVOKE ALL ON TABLE {system}.integration FROM PUBLIC;
DELETE FROM {system}.integration;
INSERT INTO {system}.integration
    (schema_version, provider_version, view_schema, impersonation_group, installed_at, read_only_role)
VALUES (4, '0.1.0', {view_schema}, NULL, pg_catalog.GETDATE(), NULL);
CREATE TABLE IF NOT EXISTS {system}.revision (
    revision BIGINT NOT NULL,
    token VARCHAR(64) NOT NULL,
    seal VARCHAR(64)
);
REVOKE ALL ON TABLE {system}.revision FROM PUBLIC;
INSERT INTO {system}.revision (revision, token, seal)
SELECT 0, '', pg_catalog.SHA2('0' || pg_catalog.CHR(31), 256)
FROM (SELECT pg_catalog.COUNT(r.revision) AS revisions FROM {system}.revision AS r) AS present
WHERE present.revisions = 0;
CREATE TABLE IF NOT EXISTS {system}.writer (
    nothing INTEGER
);
REVOKE ALL ON TABLE {system}.writer FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.incoming (
    items SUPER
);
REVOKE ALL ON TABLE {system}.incoming FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.object (
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(2048) NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    id VARCHAR(128) NOT NULL,
    body VARCHAR(65535) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.object FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.ledger (
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(2048) NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    id VARCHAR(128) NOT NULL,
    hash VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.ledger FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.salt (
    name VARCHAR(1024) NOT NULL,
    salt VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.salt FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.salt_digest (
    name VARCHAR(1024) NOT NULL,
    digest VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.salt_digest FROM PUBLIC;
DELETE FROM {system}.salt
WHERE
    name = 'seal'
    AND name NOT IN (
        SELECT s.name
        FROM {system}.salt AS s
        LEFT JOIN {system}.salt_digest AS d
            ON d.name = s.name
            AND d.digest = pg_catalog.SHA2('salt' || pg_catalog.CHR(31) || s.name || pg_catalog.CHR(31) || s.salt, 256)
        WHERE s.name = 'seal'
        GROUP BY s.name
        HAVING pg_catalog.COUNT(*) = 1 AND pg_catalog.COUNT(d.digest) = 1
    );
DELETE FROM {system}.salt_digest
WHERE name = 'seal' AND name NOT IN (SELECT s.name FROM {system}.salt AS s WHERE s.name = 'seal');
INSERT INTO {system}.salt (name, salt)
SELECT
    'seal',
    pg_catalog.SHA2(
        'what nobody guesses' || CAST(pg_catalog.RANDOM() AS VARCHAR(64)) || CAST(pg_catalog.RANDOM() AS VARCHAR(64))
        || CAST(pg_catalog.GETDATE() AS VARCHAR(64)),
        256
    )
FROM (SELECT pg_catalog.COUNT(*) AS salts FROM {system}.salt AS s WHERE s.name = 'seal') AS present
WHERE present.salts = 0;
INSERT INTO {system}.salt_digest (name, digest)
SELECT s.name, pg_catalog.SHA2('salt' || pg_catalog.CHR(31) || s.name || pg_catalog.CHR(31) || s.salt, 256)
FROM {system}.salt AS s
WHERE s.name = 'seal' AND s.name NOT IN (SELECT d.name FROM {system}.salt_digest AS d WHERE d.name = 'seal');
CREATE TABLE IF NOT EXISTS {system}.published (
    name VARCHAR(1024) NOT NULL,
    view_schema VARCHAR(256) NOT NULL,
    view_name VARCHAR(256) NOT NULL,
    text_hash VARCHAR(64) NOT NULL,
    compiled_hash VARCHAR(64) NOT NULL,
    compiler_version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.published FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.own_view (
    name VARCHAR(256) NOT NULL,
    made_hash VARCHAR(64) NOT NULL,
    text_hash VARCHAR(64)
);
REVOKE ALL ON TABLE {system}.own_view FROM PUBLIC;
DELETE FROM {system}.own_view;
CREATE TABLE IF NOT EXISTS {system}.closed (
    source VARCHAR(1024) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(1024) NOT NULL,
    id VARCHAR(128) NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.closed FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.profile (
    immuta__userid VARCHAR(256) NOT NULL,
    groups SUPER,
    attributes SUPER,
    projects SUPER,
    valid_tables SUPER,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.profile FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.profile_entry (
    immuta__userid VARCHAR(256) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(1024) NOT NULL,
    value VARCHAR(1024) NOT NULL,
    expires_at TIMESTAMP
) COMPOUND SORTKEY (immuta__userid, kind);
REVOKE ALL ON TABLE {system}.profile_entry FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.project_entry (
    project VARCHAR(1024) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(1024) NOT NULL,
    value VARCHAR(1024) NOT NULL,
    strength INTEGER NOT NULL,
    expires_at TIMESTAMP
) COMPOUND SORTKEY (project, kind);
REVOKE ALL ON TABLE {system}.project_entry FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.runtime (
    immuta__userid VARCHAR(256) NOT NULL,
    current_project VARCHAR(1024),
    updated_at TIMESTAMP NOT NULL,
    seal VARCHAR(64)
);
REVOKE ALL ON TABLE {system}.runtime FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.acknowledgement (
    immuta__userid VARCHAR(256) NOT NULL,
    purpose VARCHAR(1024) NOT NULL,
    text_hash VARCHAR(64) NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    seal VARCHAR(64)
);
REVOKE ALL ON TABLE {system}.acknowledgement FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.impersonation (
    immuta__userid VARCHAR(256) NOT NULL,
    as_user VARCHAR(256) NOT NULL
);
REVOKE ALL ON TABLE {system}.impersonation FROM PUBLIC;
DELETE FROM {system}.own_view WHERE name IN ('user_profile');
INSERT INTO {system}.own_view (name, made_hash, text_hash) VALUES ('user_profile', 'd4f1f46cc71488b0e0c4cb1ba69805334b2105142d63e767984749cf00048fa6', NULL);
CREATE OR REPLACE VIEW {system}.user_profile AS
SELECT
    w.immuta__userid AS immuta__userid,
    w.current_project AS current_project,
    w.equalized AS equalized,
    CASE WHEN w.equalized = 0 THEN w.immuta__userid END AS username
FROM (
    SELECT
        pg_catalog.MAX(p.immuta__userid) AS immuta__userid,
        pg_catalog.MAX(r.current_project) AS current_project,
        pg_catalog.MAX(CASE WHEN q.kind IS NULL THEN 0 ELSE 1 END) AS equalized
    FROM {system}.profile AS p
    CROSS JOIN (
        SELECT CASE WHEN pg_catalog.COUNT(*) = 1 THEN pg_catalog.MAX(s.salt) END AS salt
        FROM {system}.salt AS s
        WHERE s.name = 'seal'
    ) AS k
    LEFT JOIN {system}.runtime AS r
        ON r.immuta__userid = p.immuta__userid
        AND r.seal = pg_catalog.SHA2(
            k.salt || pg_catalog.SHA2(
                'runtime' || pg_catalog.CHR(31) || p.immuta__userid || pg_catalog.CHR(31) || COALESCE(r.current_project, ''),
                256
            ),
            256
        )
    LEFT JOIN {system}.project_entry AS q ON q.project = r.current_project AND q.kind = 'equalized'
    WHERE
        p.immuta__userid = CAST(CURRENT_USER AS VARCHAR(256))
        AND p.immuta__userid || '|' = CAST(CURRENT_USER AS VARCHAR(256)) || '|'
        AND pg_catalog.GETDATE() IS NOT NULL
    HAVING pg_catalog.COUNT(p.immuta__userid) = 1
    LIMIT 1
) AS w
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.user_profile FROM PUBLIC;
GRANT SELECT ON TABLE {system}.user_profile TO PUBLIC;
DELETE FROM {system}.own_view WHERE name IN ('user_entry');
INSERT INTO {system}.own_view (name, made_hash, text_hash) VALUES ('user_entry', 'b5eab8fbe649c80dc75bb6e8502632dada225ec61d313995f6fa4fb8854c1f9b', NULL);
CREATE OR REPLACE VIEW {system}.user_entry AS
WITH u AS (
    SELECT
        p.immuta__userid AS immuta__userid,
        p.current_project AS current_project,
        p.equalized AS equalized,
        p.username AS username,
        CAST(p.equalized AS VARCHAR(1)) || CAST(pg_catalog.LEN(p.immuta__userid) AS VARCHAR(8)) || ':' || p.immuta__userid
        || COALESCE('+' || p.current_project, '-') || '|' AS whom,
        n.moment AS decided_at
    FROM {system}.user_profile AS p
    CROSS JOIN (
        SELECT
            CAST(c.clock AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS moment,
            CAST(c.clock - INTERVAL '1 hour' AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS earlier,
            CAST(c.clock + INTERVAL '1 hour' AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS later
        FROM (SELECT pg_catalog.GETDATE() AS clock) AS c
    ) AS n
    WHERE DATEDIFF(second, n.earlier, n.moment) < 5400 AND DATEDIFF(second, n.moment, n.later) < 5400
)
SELECT
    w.kind AS kind,
    w.name AS name,
    w.value AS value,
    w.strength AS strength,
    w.whom AS whom,
    w.decided_at AS decided_at
FROM (
    SELECT
        f.kind AS kind,
        f.name AS name,
        f.value AS value,
        f.strength AS strength,
        f.whom AS whom,
        f.decided_at AS decided_at,
        pg_catalog.MIN(f.whom) OVER () AS lowest,
        pg_catalog.MAX(f.whom) OVER () AS highest
    FROM (
        SELECT
            'caller' AS kind,
            CASE WHEN u.equalized = 0 THEN 'alone' ELSE 'equalized' END AS name,
            COALESCE(u.username, '') AS value,
            2 AS strength,
            u.whom AS whom,
            u.decided_at AS decided_at
        FROM u
        UNION ALL
        SELECT
            'current_project' AS kind,
            '' AS name,
            u.current_project AS value,
            2 AS strength,
            u.whom AS whom,
            u.decided_at AS decided_at
        FROM u
        WHERE u.current_project IS NOT NULL
        UNION ALL
        SELECT
            e.kind AS kind,
            CASE WHEN e.kind IN ('project_source', 'project_salt') THEN '' ELSE e.name END AS name,
            e.value AS value,
            2 AS strength,
            u.whom AS whom,
            u.decided_at AS decided_at
        FROM u
        INNER JOIN {system}.profile_entry AS e ON e.immuta__userid = u.immuta__userid
        LEFT JOIN (
            SELECT u.whom AS whom
            FROM u
            INNER JOIN {system}.project_entry AS m ON m.project = u.current_project AND m.kind = 'member'
            LEFT JOIN {system}.profile AS p ON p.immuta__userid = m.value AND m.strength = 2
            GROUP BY u.whom
            HAVING
                pg_catalog.COUNT(*) = pg_catalog.COUNT(p.immuta__userid)
                AND pg_catalog.COUNT(*) = pg_catalog.COUNT(DISTINCT m.value)
                AND pg_catalog.MAX(CASE WHEN m.value = u.immuta__userid THEN 1 ELSE 0 END) = 1
        ) AS complete ON complete.whom = u.whom
        WHERE
            (e.expires_at IS NULL OR e.expires_at > u.decided_at)
            AND (
                (e.kind IN ('group', 'attribute', 'subscription') AND u.equalized = 0)
                OR (
                    e.kind IN ('project_source', 'project_salt') AND e.name = u.current_project
                    AND (u.equalized = 0 OR complete.whom IS NOT NULL)
                )
            )
        UNION ALL
        SELECT
            s.kind AS kind,
            s.name AS name,
            s.value AS value,
            s.strength AS strength,
            u.whom AS whom,
            u.decided_at AS decided_at
        FROM u
        INNER JOIN {system}.profile_entry AS m
            ON m.immuta__userid = u.immuta__userid AND m.kind = 'project' AND m.value = u.current_project
        INNER JOIN {system}.project_entry AS s ON s.project = u.current_project
        WHERE
            u.equalized = 1
            AND s.kind IN ('group', 'attribute', 'subscription')
            AND (s.expires_at IS NULL OR s.expires_at > u.decided_at)
        UNION ALL
        SELECT
            'purpose' AS kind,
            '' AS name,
            above.value AS value,
            pg_catalog.MAX(CASE WHEN asked.agreed = asked.people THEN 2 ELSE 1 END) AS strength,
            pg_catalog.MAX(asked.whom) AS whom,
            pg_catalog.MAX(asked.decided_at) AS decided_at
        FROM (
            SELECT
                u.immuta__userid AS immuta__userid,
                u.current_project AS current_project,
                u.whom AS whom,
                u.decided_at AS decided_at,
                c.value AS purpose,
                pg_catalog.COUNT(DISTINCT COALESCE(m.value, u.immuta__userid)) AS people,
                pg_catalog.COUNT(DISTINCT a.immuta__userid) AS agreed
            FROM u
            CROSS JOIN (
                SELECT CASE WHEN pg_catalog.COUNT(*) = 1 THEN pg_catalog.MAX(s.salt) END AS salt
                FROM {system}.salt AS s
                WHERE s.name = 'seal'
            ) AS k
            INNER JOIN {system}.profile_entry AS c
                ON c.immuta__userid = u.immuta__userid AND c.kind = 'project_purpose' AND c.name = u.current_project
            INNER JOIN {system}.profile_entry AS q
                ON q.immuta__userid = u.immuta__userid AND q.kind = 'acknowledgement' AND q.name = c.value
            LEFT JOIN {system}.project_entry AS m
                ON u.equalized = 1 AND m.project = u.current_project AND m.kind = 'member'
            LEFT JOIN {system}.acknowledgement AS a
                ON a.immuta__userid = COALESCE(m.value, u.immuta__userid)
                AND a.purpose = q.name AND a.text_hash = q.value AND COALESCE(m.strength, 2) = 2
                AND a.seal = pg_catalog.SHA2(
                    k.salt || pg_catalog.SHA2(
                        'acknowledgement' || pg_catalog.CHR(31) || a.immuta__userid || pg_catalog.CHR(31) || a.purpose
                        || pg_catalog.CHR(31) || a.text_hash,
                        256
                    ),
                    256
                )
            GROUP BY u.immuta__userid, u.current_project, u.whom, u.decided_at, c.value
        ) AS asked
        INNER JOIN {system}.profile_entry AS above
            ON asked.agreed > 0
            AND above.immuta__userid = asked.immuta__userid
            AND (
                (above.kind = 'project_purpose' AND above.name = asked.current_project AND above.value = asked.purpose)
                OR (above.kind = 'covering_purpose' AND above.name = asked.purpose)
            )
        GROUP BY above.value
    ) AS f
) AS w
WHERE w.lowest = w.highest
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.user_entry FROM PUBLIC;
DELETE FROM {system}.own_view WHERE name IN ('salt_name');
INSERT INTO {system}.own_view (name, made_hash, text_hash) VALUES ('salt_name', '271f41c9fa6844b1df7598996467774252216af821df57a10b437ef10df10a65', NULL);
CREATE OR REPLACE VIEW {system}.salt_name AS
SELECT s.name AS name
FROM {system}.salt AS s
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.salt_name FROM PUBLIC;
DELETE FROM {system}.own_view WHERE name IN ('unsealed');
INSERT INTO {system}.own_view (name, made_hash, text_hash) VALUES ('unsealed', '573bef8133f8668229adf03b86391e7cc51aaeec8326586f130020dc3a3e760f', NULL);
CREATE OR REPLACE VIEW {system}.unsealed AS
WITH k AS (
    SELECT CASE WHEN pg_catalog.COUNT(*) = 1 THEN pg_catalog.MAX(s.salt) END AS salt
    FROM {system}.salt AS s
    WHERE s.name = 'seal'
)
SELECT
    'salt' AS kind,
    s.name AS name,
    '' AS item
FROM {system}.salt AS s
LEFT JOIN {system}.salt_digest AS d
    ON d.name = s.name
    AND d.digest = pg_catalog.SHA2('salt' || pg_catalog.CHR(31) || s.name || pg_catalog.CHR(31) || s.salt, 256)
GROUP BY s.name
HAVING pg_catalog.COUNT(*) <> 1 OR pg_catalog.COUNT(d.digest) <> 1
UNION ALL
SELECT
    'salt' AS kind,
    'seal' AS name,
    '' AS item
FROM k
WHERE k.salt IS NULL
UNION ALL
SELECT
    'runtime' AS kind,
    r.immuta__userid AS name,
    '' AS item
FROM {system}.runtime AS r
CROSS JOIN k
WHERE
    CASE
        WHEN r.seal = pg_catalog.SHA2(
            k.salt || pg_catalog.SHA2(
                'runtime' || pg_catalog.CHR(31) || r.immuta__userid || pg_catalog.CHR(31) || COALESCE(r.current_project, ''),
                256
            ),
            256
        )
            THEN 0
        ELSE 1
    END = 1
UNION ALL
SELECT
    'acknowledgement' AS kind,
    a.immuta__userid AS name,
    a.purpose AS item
FROM {system}.acknowledgement AS a
CROSS JOIN k
WHERE
    CASE
        WHEN a.seal = pg_catalog.SHA2(
            k.salt || pg_catalog.SHA2(
                'acknowledgement' || pg_catalog.CHR(31) || a.immuta__userid || pg_catalog.CHR(31) || a.purpose
                || pg_catalog.CHR(31) || a.text_hash,
                256
            ),
            256
        )
            THEN 0
        ELSE 1
    END = 1
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.unsealed FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.acknowledge_purpose(wanted VARCHAR(1024), words VARCHAR(65535)) AS $$
DECLARE
    caller VARCHAR(256);
    current_hash VARCHAR(1024);
    current_words VARCHAR(65535);
    found_rows INTEGER;
    mark VARCHAR(64);
BEGIN
    IF COALESCE(pg_catalog.CURRENT_SETTING('app.immuta_impersonate', FALSE), '') || '|' <> '|' THEN
        RAISE EXCEPTION 'veil: not while impersonating another user';
    END IF;
    caller := SESSION_USER;
    SELECT pg_catalog.COUNT(q.value), pg_catalog.MAX(q.value) INTO found_rows, current_hash
    FROM {system}.profile_entry AS q
    WHERE q.immuta__userid || '|' = caller || '|' AND q.kind = 'acknowledgement'
        AND q.name || '|' = wanted || '|';
    IF found_rows <> 1 THEN
        RAISE EXCEPTION 'veil: % is not a member of a project with a purpose named %', caller, wanted;
    END IF;
    IF words IS NULL OR pg_catalog.SHA2(words, 256) <> current_hash THEN
        SELECT pg_catalog.MAX(pg_catalog.JSON_EXTRACT_PATH_TEXT(b.body, 'acknowledgement', TRUE)) INTO current_words
        FROM {system}.object AS b
        WHERE b.kind = 'purpose' AND b.parts = 1 AND pg_catalog.STRPOS(wanted || '.', b.name || '.') = 1
            AND pg_catalog.SHA2(pg_catalog.JSON_EXTRACT_PATH_TEXT(b.body, 'acknowledgement', TRUE), 256) = current_hash;
        RAISE EXCEPTION 'veil: the words to agree to are: %', current_words;
    END IF;
    SELECT
        pg_catalog.SHA2(
            pg_catalog.MAX(s.salt) || pg_catalog.SHA2(
                'acknowledgement' || pg_catalog.CHR(31) || caller || pg_catalog.CHR(31) || wanted
                || pg_catalog.CHR(31) || current_hash,
                256
            ),
            256
        )
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
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.acknowledge_purpose(VARCHAR, VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE {procedures}.acknowledge_purpose(VARCHAR, VARCHAR) TO PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.add_closed(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    INSERT INTO {system}.closed (source, kind, name, id, updated_at)
    SELECT
        o.source::VARCHAR(65535),
        o.kind::VARCHAR(65535),
        o.name::VARCHAR(65535),
        o.id::VARCHAR(65535),
        pg_catalog.GETDATE()
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.add_closed(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.add_entries(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    INSERT INTO {system}.profile_entry (immuta__userid, kind, name, value, expires_at)
    SELECT
        o.userid::VARCHAR(65535),
        o.kind::VARCHAR(65535),
        o.name::VARCHAR(65535),
        o.item::VARCHAR(65535),
        CAST(o.expires::VARCHAR(65535) AS TIMESTAMP)
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.add_entries(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.add_project_entries(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    INSERT INTO {system}.project_entry (project, kind, name, value, strength, expires_at)
    SELECT
        o.project::VARCHAR(65535),
        o.kind::VARCHAR(65535),
        o.name::VARCHAR(65535),
        o.item::VARCHAR(65535),
        o.strength::INTEGER,
        CAST(o.expires::VARCHAR(65535) AS TIMESTAMP)
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.add_project_entries(VARCHAR) FROM PUBLIC;
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
CREATE OR REPLACE PROCEDURE {procedures}.create_salts(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.salt
    WHERE
        name IN (SELECT o.key::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o)
        AND name NOT IN (
            SELECT s.name
            FROM {system}.salt AS s
            LEFT JOIN {system}.salt_digest AS d
                ON d.name = s.name
                AND d.digest = pg_catalog.SHA2('salt' || pg_catalog.CHR(31) || s.name || pg_catalog.CHR(31) || s.salt, 256)
            WHERE s.name IS NOT NULL
            GROUP BY s.name
            HAVING pg_catalog.COUNT(*) = 1 AND pg_catalog.COUNT(d.digest) = 1
        );
    DELETE FROM {system}.salt_digest
    WHERE
        name IN (SELECT o.key::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o)
        AND name NOT IN (SELECT s.name FROM {system}.salt AS s WHERE s.name IS NOT NULL);
    -- RANDOM() may not stand beside an unnest: the seeds go in first, marked by a length that no salt has.
    INSERT INTO {system}.salt (name, salt)
    SELECT o.key::VARCHAR(65535), pg_catalog.SHA2(o.seed::VARCHAR(65535), 224)
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    WHERE o.key::VARCHAR(65535) NOT IN (SELECT s.name FROM {system}.salt AS s WHERE s.name IS NOT NULL);
    UPDATE {system}.salt
    SET
        salt = pg_catalog.SHA2(
            salt || pg_catalog.RANDOM()::VARCHAR(64) || pg_catalog.RANDOM()::VARCHAR(64)
            || pg_catalog.GETDATE()::VARCHAR(64),
            256
        )
    WHERE pg_catalog.LEN(salt) = 56;
    INSERT INTO {system}.salt_digest (name, digest)
    SELECT s.name, pg_catalog.SHA2('salt' || pg_catalog.CHR(31) || s.name || pg_catalog.CHR(31) || s.salt, 256)
    FROM {system}.salt AS s
    WHERE
        s.name IN (SELECT o.key::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o)
        AND s.name NOT IN (SELECT d.name FROM {system}.salt_digest AS d WHERE d.name IS NOT NULL);
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.create_salts(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.delete_closed(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.closed
    WHERE source || pg_catalog.CHR(31) || id || pg_catalog.CHR(31) IN (
        SELECT o.source::VARCHAR(65535) || pg_catalog.CHR(31) || o.id::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.delete_closed(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.delete_objects(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.object
    WHERE kind || pg_catalog.CHR(31) || id || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT
            o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.id::VARCHAR(65535) || pg_catalog.CHR(31)
            || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.ledger
    WHERE kind || pg_catalog.CHR(31) || id || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.id::VARCHAR(65535) || pg_catalog.CHR(31) || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.delete_objects(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.delete_profiles(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.profile_entry
    WHERE immuta__userid IN (
        SELECT o.userid::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.profile
    WHERE immuta__userid IN (
        SELECT o.userid::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.delete_profiles(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.delete_project_entries(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.project_entry
    WHERE project IN (SELECT o.project::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o);
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.delete_project_entries(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.forget_published(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.published
    WHERE name IN (SELECT o.key::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o);
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.forget_published(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.grant_impersonation(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.impersonation
    WHERE immuta__userid || pg_catalog.CHR(31) || as_user || pg_catalog.CHR(31) IN (
        SELECT o.userid::VARCHAR(65535) || pg_catalog.CHR(31) || o.target::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    INSERT INTO {system}.impersonation (immuta__userid, as_user)
    SELECT o.userid::VARCHAR(65535), o.target::VARCHAR(65535)
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.grant_impersonation(VARCHAR) FROM PUBLIC;
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
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.impersonate_user(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.record_published(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.published
    WHERE name IN (SELECT o.key::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o);
    INSERT INTO {system}.published
        (name, view_schema, view_name, text_hash, compiled_hash, compiler_version, updated_at)
    SELECT
        o.key::VARCHAR(65535),
        o.view_schema::VARCHAR(65535),
        o.view_name::VARCHAR(65535),
        o.text_hash::VARCHAR(65535),
        o.compiled_hash::VARCHAR(65535),
        o.compiler_version::INTEGER,
        pg_catalog.GETDATE()
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.record_published(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.revoke_impersonation(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.impersonation
    WHERE immuta__userid || pg_catalog.CHR(31) || as_user || pg_catalog.CHR(31) IN (
        SELECT o.userid::VARCHAR(65535) || pg_catalog.CHR(31) || o.target::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.revoke_impersonation(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.switch_project(project VARCHAR(1024)) AS $$
DECLARE
    caller VARCHAR(256);
    found_rows INTEGER;
    mark VARCHAR(64);
BEGIN
    IF COALESCE(pg_catalog.CURRENT_SETTING('app.immuta_impersonate', FALSE), '') || '|' <> '|' THEN
        RAISE EXCEPTION 'veil: not while impersonating another user';
    END IF;
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
        pg_catalog.SHA2(
            pg_catalog.MAX(s.salt) || pg_catalog.SHA2(
                'runtime' || pg_catalog.CHR(31) || caller || pg_catalog.CHR(31) || COALESCE(project, ''),
                256
            ),
            256
        )
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
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.switch_project(VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE {procedures}.switch_project(VARCHAR) TO PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.upsert_objects(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.object
    WHERE kind || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
        WHERE o.part::INTEGER = 0
    );
    DELETE FROM {system}.ledger
    WHERE kind || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
        WHERE o.part::INTEGER = 0
    );
    INSERT INTO {system}.object (kind, name, part, parts, id, body, hash, updated_at)
    SELECT
        n.kind, n.name, n.part, n.parts, n.id, n.body,
        pg_catalog.SHA2(
            n.kind || pg_catalog.CHR(31) || n.name || pg_catalog.CHR(31)
            || CAST(n.part AS VARCHAR(16)) || pg_catalog.CHR(31) || CAST(n.parts AS VARCHAR(16)) || pg_catalog.CHR(31)
            || n.id || pg_catalog.CHR(31) || n.body,
            256
        ),
        pg_catalog.GETDATE()
    FROM (
        SELECT
            o.kind::VARCHAR(65535) AS kind,
            o.name::VARCHAR(65535) AS name,
            o.part::INTEGER AS part,
            o.parts::INTEGER AS parts,
            o.id::VARCHAR(65535) AS id,
            o.body::VARCHAR(65535) AS body
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    ) AS n;
    INSERT INTO {system}.ledger (kind, name, part, parts, id, hash)
    SELECT
        n.kind, n.name, n.part, n.parts, n.id,
        pg_catalog.SHA2(
            n.kind || pg_catalog.CHR(31) || n.name || pg_catalog.CHR(31)
            || CAST(n.part AS VARCHAR(16)) || pg_catalog.CHR(31) || CAST(n.parts AS VARCHAR(16)) || pg_catalog.CHR(31)
            || n.id || pg_catalog.CHR(31) || n.body,
            256
        )
    FROM (
        SELECT
            o.kind::VARCHAR(65535) AS kind,
            o.name::VARCHAR(65535) AS name,
            o.part::INTEGER AS part,
            o.parts::INTEGER AS parts,
            o.id::VARCHAR(65535) AS id,
            o.body::VARCHAR(65535) AS body
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    ) AS n;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.upsert_objects(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.upsert_profiles(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.profile_entry
    WHERE immuta__userid IN (
        SELECT o.userid::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.profile
    WHERE immuta__userid IN (
        SELECT o.userid::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    INSERT INTO {system}.profile (immuta__userid, groups, attributes, projects, valid_tables, updated_at)
    SELECT o.userid::VARCHAR(65535), o.groups, o.attributes, o.projects, o.tables, pg_catalog.GETDATE()
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.upsert_profiles(VARCHAR) FROM PUBLIC;
