-- What an installation of version 2 of the schemas consisted of. Kept as it was: newer versions must upgrade it.
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
VALUES (2, '0.2.0', {view_schema}, NULL, GETDATE(), NULL);
CREATE TABLE IF NOT EXISTS {system}.revision (
    revision BIGINT NOT NULL,
    token VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.revision FROM PUBLIC;
INSERT INTO {system}.revision
SELECT 0, '' FROM (SELECT COUNT(*) AS revisions FROM {system}.revision) AS present WHERE present.revisions = 0;
CREATE TABLE IF NOT EXISTS {system}.writer (
    nothing INTEGER
);
REVOKE ALL ON TABLE {system}.writer FROM PUBLIC;
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
CREATE TABLE IF NOT EXISTS {system}.salt (
    name VARCHAR(1024) NOT NULL,
    salt VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.salt FROM PUBLIC;
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
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.runtime FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.acknowledgement (
    immuta__userid VARCHAR(256) NOT NULL,
    purpose VARCHAR(1024) NOT NULL,
    text_hash VARCHAR(64) NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.acknowledgement FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {system}.impersonation (
    immuta__userid VARCHAR(256) NOT NULL,
    as_user VARCHAR(256) NOT NULL
);
REVOKE ALL ON TABLE {system}.impersonation FROM PUBLIC;
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
    LEFT JOIN {system}.runtime AS r ON r.immuta__userid = p.immuta__userid
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
CREATE OR REPLACE VIEW {system}.user_entry AS
SELECT
    w.kind AS kind,
    w.name AS name,
    w.value AS value,
    w.strength AS strength
FROM (
    SELECT
        e.kind AS kind,
        CASE WHEN e.kind IN ('project_source', 'project_salt') THEN '' ELSE e.name END AS name,
        e.value AS value,
        2 AS strength
    FROM {system}.user_profile AS u
    INNER JOIN {system}.profile_entry AS e ON e.immuta__userid = u.immuta__userid
    WHERE
        (e.expires_at IS NULL OR e.expires_at > CAST(pg_catalog.GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC')
        AND (
            (e.kind IN ('group', 'attribute', 'subscription') AND u.equalized = 0)
            OR (e.kind IN ('project_source', 'project_salt') AND e.name = u.current_project)
        )
    UNION ALL
    SELECT
        s.kind AS kind,
        s.name AS name,
        s.value AS value,
        s.strength AS strength
    FROM {system}.user_profile AS u
    INNER JOIN {system}.profile_entry AS m
        ON m.immuta__userid = u.immuta__userid AND m.kind = 'project' AND m.value = u.current_project
    INNER JOIN {system}.project_entry AS s ON s.project = u.current_project
    WHERE
        u.equalized = 1
        AND s.kind IN ('group', 'attribute', 'subscription')
        AND (s.expires_at IS NULL OR s.expires_at > CAST(pg_catalog.GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC')
    UNION ALL
    SELECT
        'purpose' AS kind,
        '' AS name,
        above.value AS value,
        pg_catalog.MAX(CASE WHEN asked.agreed = asked.people THEN 2 ELSE 1 END) AS strength
    FROM (
        SELECT
            u.immuta__userid AS immuta__userid,
            u.current_project AS current_project,
            c.value AS purpose,
            pg_catalog.COUNT(DISTINCT COALESCE(m.value, u.immuta__userid)) AS people,
            pg_catalog.COUNT(DISTINCT a.immuta__userid) AS agreed
        FROM {system}.user_profile AS u
        INNER JOIN {system}.profile_entry AS c
            ON c.immuta__userid = u.immuta__userid AND c.kind = 'project_purpose' AND c.name = u.current_project
        INNER JOIN {system}.profile_entry AS q
            ON q.immuta__userid = u.immuta__userid AND q.kind = 'acknowledgement' AND q.name = c.value
        LEFT JOIN {system}.project_entry AS m
            ON u.equalized = 1 AND m.project = u.current_project AND m.kind = 'member'
        LEFT JOIN {system}.acknowledgement AS a
            ON a.immuta__userid = COALESCE(m.value, u.immuta__userid)
            AND a.purpose = q.name AND a.text_hash = q.value AND COALESCE(m.strength, 2) = 2
        GROUP BY u.immuta__userid, u.current_project, c.value
    ) AS asked
    INNER JOIN {system}.profile_entry AS above
        ON asked.agreed > 0
        AND above.immuta__userid = asked.immuta__userid
        AND (
            (above.kind = 'project_purpose' AND above.name = asked.current_project AND above.value = asked.purpose)
            OR (above.kind = 'covering_purpose' AND above.name = asked.purpose)
        )
    GROUP BY above.value
    LIMIT 2147483647
) AS w
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.user_entry FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.acknowledge_purpose(wanted VARCHAR(1024), words VARCHAR(65535)) AS $$
DECLARE
    caller VARCHAR(256);
    current_hash VARCHAR(1024);
    current_words VARCHAR(65535);
    found_rows INTEGER;
BEGIN
    IF COALESCE(CURRENT_SETTING('app.immuta_impersonate', FALSE), '') <> '' THEN
        RAISE EXCEPTION 'veil: not while impersonating another user';
    END IF;
    caller := SESSION_USER;
    SELECT COUNT(*), MAX(q.value) INTO found_rows, current_hash
    FROM {system}.profile_entry AS q
    WHERE q.immuta__userid = caller AND q.kind = 'acknowledgement' AND q.name = wanted;
    IF found_rows <> 1 THEN
        RAISE EXCEPTION 'veil: % is not a member of a project with a purpose named %', caller, wanted;
    END IF;
    IF words IS NULL OR SHA2(words, 256) <> current_hash THEN
        SELECT MAX(JSON_EXTRACT_PATH_TEXT(b.body, 'acknowledgement')) INTO current_words
        FROM {system}.object AS b
        WHERE b.kind = 'purpose' AND b.parts = 1 AND STRPOS(wanted || '.', b.name || '.') = 1
            AND SHA2(JSON_EXTRACT_PATH_TEXT(b.body, 'acknowledgement'), 256) = current_hash;
        RAISE EXCEPTION 'veil: the words to agree to are: %', current_words;
    END IF;
    DELETE FROM {system}.acknowledgement WHERE immuta__userid = caller AND purpose = wanted;
    INSERT INTO {system}.acknowledgement (immuta__userid, purpose, text_hash, updated_at)
    VALUES (caller, wanted, current_hash, GETDATE());
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.acknowledge_purpose(VARCHAR, VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE {procedures}.acknowledge_purpose(VARCHAR, VARCHAR) TO PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.add_entries(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    INSERT INTO {system}.profile_entry (immuta__userid, kind, name, value, expires_at)
    SELECT
        o.userid::VARCHAR(65535),
        o.kind::VARCHAR(65535),
        o.name::VARCHAR(65535),
        o.item::VARCHAR(65535),
        CAST(o.expires::VARCHAR(65535) AS TIMESTAMP)
    FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.add_entries(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.add_project_entries(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    INSERT INTO {system}.project_entry (project, kind, name, value, strength, expires_at)
    SELECT
        o.project::VARCHAR(65535),
        o.kind::VARCHAR(65535),
        o.name::VARCHAR(65535),
        o.item::VARCHAR(65535),
        o.strength::INTEGER,
        CAST(o.expires::VARCHAR(65535) AS TIMESTAMP)
    FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.add_project_entries(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.advance_revision(expected BIGINT, mark VARCHAR(64)) AS $$
DECLARE
    moved INTEGER;
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    UPDATE {system}.revision SET revision = revision + 1, token = mark WHERE revision = expected;
    GET DIAGNOSTICS moved := ROW_COUNT;
    IF moved <> 1 THEN
        RAISE EXCEPTION 'veil: the revision moved';
    END IF;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.advance_revision(BIGINT, VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.create_salts(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    INSERT INTO {system}.salt (name, salt)
    SELECT
        o.key::VARCHAR(65535),
        SHA2(o.seed::VARCHAR(65535) || GETDATE()::VARCHAR(64), 256)
    FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    WHERE o.key::VARCHAR(65535) NOT IN (SELECT s.name FROM {system}.salt AS s);
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.create_salts(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.delete_objects(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.object
    WHERE kind || CHR(31) || id || CHR(31) || name || CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || CHR(31) || o.id::VARCHAR(65535) || CHR(31) || o.name::VARCHAR(65535) || CHR(31)
        FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    );
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.delete_objects(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.delete_profiles(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.profile_entry
    WHERE immuta__userid IN (
        SELECT o.userid::VARCHAR(65535) FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    );
    DELETE FROM {system}.profile
    WHERE immuta__userid IN (
        SELECT o.userid::VARCHAR(65535) FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    );
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.delete_profiles(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.delete_project_entries(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.project_entry
    WHERE project IN (SELECT o.project::VARCHAR(65535) FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o);
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.delete_project_entries(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.forget_published(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.published
    WHERE name IN (SELECT o.key::VARCHAR(65535) FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o);
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.forget_published(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.grant_impersonation(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.impersonation
    WHERE immuta__userid || CHR(31) || as_user || CHR(31) IN (
        SELECT o.userid::VARCHAR(65535) || CHR(31) || o.target::VARCHAR(65535) || CHR(31)
        FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    );
    INSERT INTO {system}.impersonation (immuta__userid, as_user)
    SELECT o.userid::VARCHAR(65535), o.target::VARCHAR(65535)
    FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.grant_impersonation(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.impersonate_user(target VARCHAR(256)) AS $$
DECLARE
    caller VARCHAR(256);
    granted INTEGER;
    now_as VARCHAR(256);
BEGIN
    caller := SESSION_USER;
    IF target IS NOT NULL THEN
        SELECT COUNT(*) INTO granted FROM {system}.impersonation AS i
        WHERE i.immuta__userid = caller AND i.as_user || '|' = target || '|';
        IF granted = 0 THEN
            RAISE EXCEPTION 'veil: % may not impersonate %', caller, target;
        END IF;
    END IF;
    SELECT SET_CONFIG('app.immuta_impersonate', COALESCE(target, ''), FALSE) INTO now_as;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.impersonate_user(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.record_published(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.published
    WHERE name IN (SELECT o.key::VARCHAR(65535) FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o);
    INSERT INTO {system}.published
        (name, view_schema, view_name, text_hash, compiled_hash, compiler_version, updated_at)
    SELECT
        o.key::VARCHAR(65535),
        o.view_schema::VARCHAR(65535),
        o.view_name::VARCHAR(65535),
        o.text_hash::VARCHAR(65535),
        o.compiled_hash::VARCHAR(65535),
        o.compiler_version::INTEGER,
        GETDATE()
    FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.record_published(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.revoke_impersonation(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.impersonation
    WHERE immuta__userid || CHR(31) || as_user || CHR(31) IN (
        SELECT o.userid::VARCHAR(65535) || CHR(31) || o.target::VARCHAR(65535) || CHR(31)
        FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    );
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.revoke_impersonation(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.switch_project(project VARCHAR(1024)) AS $$
DECLARE
    caller VARCHAR(256);
    found_rows INTEGER;
BEGIN
    IF COALESCE(CURRENT_SETTING('app.immuta_impersonate', FALSE), '') <> '' THEN
        RAISE EXCEPTION 'veil: not while impersonating another user';
    END IF;
    caller := SESSION_USER;
    SELECT COUNT(*) INTO found_rows FROM {system}.profile AS p WHERE p.immuta__userid = caller;
    IF found_rows <> 1 THEN
        RAISE EXCEPTION 'veil: % has no profile', caller;
    END IF;
    IF project IS NOT NULL THEN
        SELECT COUNT(*) INTO found_rows FROM {system}.profile_entry AS e
        WHERE e.immuta__userid = caller AND e.kind = 'project' AND e.value = project;
        IF found_rows = 0 THEN
            RAISE EXCEPTION 'veil: % is not a member of a project named %', caller, project;
        END IF;
    END IF;
    UPDATE {system}.runtime SET current_project = project, updated_at = GETDATE() WHERE immuta__userid = caller;
    GET DIAGNOSTICS found_rows := ROW_COUNT;
    IF found_rows <> 1 THEN
        DELETE FROM {system}.runtime WHERE immuta__userid = caller;
        INSERT INTO {system}.runtime (immuta__userid, current_project, updated_at) VALUES (caller, project, GETDATE());
    END IF;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.switch_project(VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE {procedures}.switch_project(VARCHAR) TO PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.upsert_objects(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.object
    WHERE kind || CHR(31) || name || CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || CHR(31) || o.name::VARCHAR(65535) || CHR(31)
        FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
        WHERE o.part::INTEGER = 0
    );
    INSERT INTO {system}.object (kind, name, part, parts, id, body, hash, updated_at)
    SELECT
        n.kind, n.name, n.part, n.parts, n.id, n.body,
        SHA2(
            n.kind || CHR(31) || n.name || CHR(31) || CAST(n.part AS VARCHAR(16)) || CHR(31)
            || CAST(n.parts AS VARCHAR(16)) || CHR(31) || n.id || CHR(31) || n.body,
            256
        ),
        GETDATE()
    FROM (
        SELECT
            o.kind::VARCHAR(65535) AS kind,
            o.name::VARCHAR(65535) AS name,
            o.part::INTEGER AS part,
            o.parts::INTEGER AS parts,
            o.id::VARCHAR(65535) AS id,
            o.body::VARCHAR(65535) AS body
        FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    ) AS n;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.upsert_objects(VARCHAR) FROM PUBLIC;
CREATE OR REPLACE PROCEDURE {procedures}.upsert_profiles(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.profile_entry
    WHERE immuta__userid IN (
        SELECT o.userid::VARCHAR(65535) FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    );
    DELETE FROM {system}.profile
    WHERE immuta__userid IN (
        SELECT o.userid::VARCHAR(65535) FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    );
    INSERT INTO {system}.profile (immuta__userid, groups, attributes, projects, valid_tables, updated_at)
    SELECT o.userid::VARCHAR(65535), o.groups, o.attributes, o.projects, o.tables, GETDATE()
    FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.upsert_profiles(VARCHAR) FROM PUBLIC;
