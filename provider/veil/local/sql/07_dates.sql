-- Dates and times. GETDATE is the statement's time to the second, SYSDATE the transaction's; both have no time zone.
-- A time zone may be a name, an offset, or a POSIX-style STDoffset or STDoffsetDST (Amazon Redshift Developer Guide,
-- timezone). PostgreSQL also takes rules of its own for summer time, by which a clock could be set back a day; here the clock then fails.
CREATE FUNCTION pg_veil.at_session_zone(moment timestamptz) RETURNS timestamp LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  zone text := pg_catalog.pg_current_setting('TimeZone', true);
BEGIN
  IF zone ~ '[,]|^(<[^>]+>|[A-Za-z]+)[-+]?[0-9:]+(<[^>]+>|[A-Za-z]+)[-+]?[0-9]' THEN
    RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'invalid value for parameter "TimeZone": "' || zone || '"';
  END IF;
  RETURN CASE WHEN pg_veil.is_refused('getdate-zone') THEN moment AT TIME ZONE 'UTC' ELSE moment::timestamp END;
END $$;
CREATE FUNCTION pg_catalog.getdate() RETURNS timestamp LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.date_trunc('second', pg_veil.at_session_zone(pg_catalog.statement_timestamp()))
$$;
CREATE FUNCTION pg_catalog.sysdate() RETURNS timestamp LANGUAGE sql STABLE AS $$
  SELECT pg_veil.at_session_zone(pg_catalog.transaction_timestamp())
$$;

-- AT TIME ZONE. An abbreviation is a fixed offset from UTC (the same page). PostgreSQL first asks what the session calls
-- its own time zone: after SET timezone TO 'UTC+8' its UTC is eight hours off.
CREATE FUNCTION pg_veil.is_utc(zone text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.upper(zone) IN ('UTC', 'UCT', 'UT', 'GMT', 'Z', 'ZULU') AND NOT pg_veil.is_refused('own-utc')
$$;
UPDATE pg_catalog.pg_proc SET proname = 'pg_timezone'
  WHERE proname = 'timezone' AND pronargs = 2 AND pronamespace = 'pg_catalog'::regnamespace AND proargtypes[0] = 'text'::regtype;
CREATE FUNCTION pg_catalog.timezone(zone text, moment timestamptz) RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_veil.is_utc($1) THEN pg_catalog.timezone(INTERVAL '0', $2)
    ELSE pg_catalog.pg_timezone($1, $2) END
$$;
CREATE FUNCTION pg_catalog.timezone(zone text, moment timestamp) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_veil.is_utc($1) THEN pg_catalog.timezone(INTERVAL '0', $2)
    ELSE pg_catalog.pg_timezone($1, $2) END
$$;
CREATE FUNCTION pg_catalog.timezone(zone text, moment timetz) RETURNS timetz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_veil.is_utc($1) THEN pg_catalog.timezone(INTERVAL '0', $2)
    ELSE pg_catalog.pg_timezone($1, $2) END
$$;

-- The spellings of a date part that Redshift accepts.
CREATE FUNCTION pg_veil.date_part_name(part text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE found text := CASE pg_catalog.lower(part)
    WHEN 'millennium' THEN 'millennium' WHEN 'millennia' THEN 'millennium' WHEN 'mil' THEN 'millennium' WHEN 'mils' THEN 'millennium'
    WHEN 'century' THEN 'century' WHEN 'centuries' THEN 'century' WHEN 'c' THEN 'century' WHEN 'cent' THEN 'century' WHEN 'cents' THEN 'century'
    WHEN 'decade' THEN 'decade' WHEN 'decades' THEN 'decade' WHEN 'dec' THEN 'decade' WHEN 'decs' THEN 'decade'
    WHEN 'year' THEN 'year' WHEN 'years' THEN 'year' WHEN 'y' THEN 'year' WHEN 'yr' THEN 'year' WHEN 'yrs' THEN 'year' WHEN 'yy' THEN 'year' WHEN 'yyyy' THEN 'year'
    WHEN 'quarter' THEN 'quarter' WHEN 'quarters' THEN 'quarter' WHEN 'qtr' THEN 'quarter' WHEN 'qtrs' THEN 'quarter' WHEN 'q' THEN 'quarter'
    WHEN 'month' THEN 'month' WHEN 'months' THEN 'month' WHEN 'mon' THEN 'month' WHEN 'mons' THEN 'month' WHEN 'mm' THEN 'month'
    WHEN 'week' THEN 'week' WHEN 'weeks' THEN 'week' WHEN 'w' THEN 'week' WHEN 'wk' THEN 'week'
    WHEN 'day' THEN 'day' WHEN 'days' THEN 'day' WHEN 'd' THEN 'day' WHEN 'dd' THEN 'day'
    WHEN 'hour' THEN 'hour' WHEN 'hours' THEN 'hour' WHEN 'h' THEN 'hour' WHEN 'hr' THEN 'hour' WHEN 'hrs' THEN 'hour' WHEN 'hh' THEN 'hour'
    WHEN 'minute' THEN 'minute' WHEN 'minutes' THEN 'minute' WHEN 'm' THEN 'minute' WHEN 'min' THEN 'minute' WHEN 'mins' THEN 'minute' WHEN 'mi' THEN 'minute' WHEN 'n' THEN 'minute'
    WHEN 'second' THEN 'second' WHEN 'seconds' THEN 'second' WHEN 's' THEN 'second' WHEN 'sec' THEN 'second' WHEN 'secs' THEN 'second' WHEN 'ss' THEN 'second'
    WHEN 'millisecond' THEN 'millisecond' WHEN 'milliseconds' THEN 'millisecond' WHEN 'ms' THEN 'millisecond' WHEN 'msec' THEN 'millisecond' WHEN 'msecs' THEN 'millisecond'
    WHEN 'microsecond' THEN 'microsecond' WHEN 'microseconds' THEN 'microsecond' WHEN 'us' THEN 'microsecond' WHEN 'usec' THEN 'microsecond' WHEN 'usecs' THEN 'microsecond'
  END;
BEGIN
  IF found IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'invalid date part: "' || part || '"';
  END IF;
  RETURN found;
END $$;

-- Months keep the end of the month: 28 February plus one month is 31 March, as Redshift has it.
CREATE FUNCTION pg_veil.add_months(timestamp, bigint) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN $1::pg_catalog.date = (pg_catalog.date_trunc('month', $1) + interval '1 month - 1 day')::pg_catalog.date
    THEN pg_catalog.date_trunc('month', $1) + pg_catalog.make_interval(months => ($2 + 1)::int) - interval '1 day' + ($1 - pg_catalog.date_trunc('day', $1))
    ELSE $1 + pg_catalog.make_interval(months => $2::int) END
$$;
CREATE FUNCTION pg_catalog.add_months(timestamp, bigint) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.add_months($1, $2) $$;
-- Amazon Redshift Developer Guide, DATEADD, usage notes: months stop at the end of a shorter month, while a year after 29 February
-- of a leap year is 1 March.
CREATE FUNCTION pg_veil.add_years(at timestamp, amount bigint) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT moved + CASE WHEN pg_catalog.date_part('day', at) <> pg_catalog.date_part('day', moved)
    THEN interval '1 day' ELSE interval '0' END
  FROM (SELECT at + pg_catalog.make_interval(years => amount::int) AS moved) AS m
$$;

CREATE FUNCTION pg_catalog.dateadd(part text, amount bigint, at timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE pg_veil.date_part_name(part)
    WHEN 'millennium' THEN pg_veil.add_years(at, amount * 1000)
    WHEN 'century' THEN pg_veil.add_years(at, amount * 100)
    WHEN 'decade' THEN pg_veil.add_years(at, amount * 10)
    WHEN 'year' THEN pg_veil.add_years(at, amount)
    WHEN 'quarter' THEN at + pg_catalog.make_interval(months => (amount * 3)::int)
    WHEN 'month' THEN at + pg_catalog.make_interval(months => amount::int)
    WHEN 'week' THEN at + amount * interval '7 days'
    WHEN 'day' THEN at + amount * interval '1 day'
    WHEN 'hour' THEN at + amount * interval '1 hour'
    WHEN 'minute' THEN at + amount * interval '1 minute'
    WHEN 'second' THEN at + amount * interval '1 second'
    WHEN 'millisecond' THEN at + amount * interval '1 millisecond'
    ELSE at + amount * interval '1 microsecond' END
$$;
CREATE FUNCTION pg_catalog.dateadd(part text, amount bigint, at text) RETURNS timestamp LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.dateadd(part, amount, at::timestamp)
$$;
CREATE FUNCTION pg_catalog.dateadd(part text, amount bigint, at date) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.dateadd(part, amount, at::timestamp)
$$;
CREATE FUNCTION pg_catalog.dateadd(part text, amount bigint, at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.dateadd(part, amount, at::timestamp)::timestamptz
$$;

-- How many boundaries of the part lie between the two.
CREATE FUNCTION pg_catalog.datediff(part text, a timestamp, b timestamp) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE pg_veil.date_part_name(part)
    WHEN 'millennium' THEN pg_catalog.extract('millennium', b)::bigint - pg_catalog.extract('millennium', a)::bigint
    WHEN 'century' THEN pg_catalog.extract('century', b)::bigint - pg_catalog.extract('century', a)::bigint
    WHEN 'decade' THEN pg_catalog.extract('decade', b)::bigint - pg_catalog.extract('decade', a)::bigint
    WHEN 'year' THEN pg_catalog.extract('year', b)::bigint - pg_catalog.extract('year', a)::bigint
    WHEN 'quarter' THEN (pg_catalog.extract('year', b)::bigint - pg_catalog.extract('year', a)::bigint) * 4
      + pg_catalog.extract('quarter', b)::bigint - pg_catalog.extract('quarter', a)::bigint
    WHEN 'month' THEN (pg_catalog.extract('year', b)::bigint - pg_catalog.extract('year', a)::bigint) * 12
      + pg_catalog.extract('month', b)::bigint - pg_catalog.extract('month', a)::bigint
    WHEN 'week' THEN (pg_catalog.date_trunc('week', b + interval '1 day')::pg_catalog.date - pg_catalog.date_trunc('week', a + interval '1 day')::pg_catalog.date) / 7
    WHEN 'day' THEN b::pg_catalog.date - a::pg_catalog.date
    WHEN 'millisecond' THEN (pg_catalog.extract('epoch', pg_catalog.date_trunc('millisecond', b) - pg_catalog.date_trunc('millisecond', a)) * 1000)::bigint
    WHEN 'microsecond' THEN (pg_catalog.extract('epoch', b - a) * 1000000)::bigint
    ELSE (pg_catalog.extract('epoch', pg_catalog.date_trunc(pg_veil.date_part_name(part), b) - pg_catalog.date_trunc(pg_veil.date_part_name(part), a))
      / CASE pg_veil.date_part_name(part) WHEN 'hour' THEN 3600 WHEN 'minute' THEN 60 ELSE 1 END)::bigint END
$$;
CREATE FUNCTION pg_catalog.datediff(part text, a timestamptz, b timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.datediff(part, a::timestamp, b::timestamp)
$$;
CREATE FUNCTION pg_catalog.datediff(part text, a date, b date) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.datediff(part, a::timestamp, b::timestamp)
$$;

-- Redshift's DATE_TRUNC of a DATE or a text is a TIMESTAMP; PostgreSQL would make it a TIMESTAMPTZ.
CREATE FUNCTION pg_catalog.date_trunc(text, date) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.date_trunc($1, $2::timestamp)
$$;
CREATE FUNCTION pg_catalog.last_day(timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT (pg_catalog.date_trunc('month', $1) + interval '1 month - 1 day')::pg_catalog.date
$$;
CREATE FUNCTION pg_catalog.trunc(timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT $1::pg_catalog.date $$;
CREATE FUNCTION pg_catalog.months_between(timestamp, timestamp) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN pg_catalog.extract('day', $1) = pg_catalog.extract('day', $2)
      OR $1::pg_catalog.date = pg_catalog.last_day($1) AND $2::pg_catalog.date = pg_catalog.last_day($2) THEN pg_catalog.datediff('month', $2, $1)::pg_catalog.float8
    ELSE pg_catalog.datediff('month', $2, $1) + (pg_catalog.extract('epoch', ($1 - pg_catalog.date_trunc('month', $1)) - ($2 - pg_catalog.date_trunc('month', $2))) / 86400 / 31)::pg_catalog.float8 END
$$;
CREATE FUNCTION pg_catalog.convert_timezone(target text, at timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT at AT TIME ZONE 'UTC' AT TIME ZONE target
$$;
CREATE FUNCTION pg_catalog.convert_timezone(source text, target text, at timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT at AT TIME ZONE source AT TIME ZONE target
$$;
