-- What holds for the caller now, and who that is: an entry of kind `caller`, named `alone` or, in an equalized project,
-- `equalized`, with the name that the caller may be called by; and one of kind `current_project`.
-- A purpose of the current project counts once the caller has agreed to it in the words that it has now, and with it
-- those above it. Agreed to is what the seal of acknowledge_purpose tells. In an equalized project all this is what its
-- members share: strength 2 is what each of them holds, or has agreed to, strength 1 what some do and others do not.
-- PUBLIC does not select here, or a member would read what the others hold.
-- A member who has not exactly one profile sees nothing, so an equalized project has no data sources while it has such a
-- member. The profiles themselves are asked, and that the caller is among the members whose sight was made equal.
-- Each entry says for whom it was found. Who the caller is may change while a query runs, so that an engine that asks
-- twice hears of two: then there is no entry at all. The window is what compares all of them, before the first is
-- given out, and a fence: no predicate of a caller's runs before these.
-- Now is decided here too, whatever time zone the caller set: in an hour that comes twice there, they see nothing.
-- Who was approved at run time is subscribed, as long as they act in no equalized project.
CREATE OR REPLACE VIEW {system}.user_entry AS
WITH u AS (
    SELECT
        p.immuta__userid AS immuta__userid,
        p.current_project AS current_project,
        p.equalized AS equalized,
        p.username AS username,
        {{whom(p)}} AS whom,
        n.moment AS decided_at
    FROM {system}.caller AS p
    CROSS JOIN (
        {{utc_now()}}
    ) AS n
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
        {{entries_of_callers()}}
    ) AS f
) AS w
WHERE w.lowest = w.highest
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.user_entry FROM PUBLIC;
