-- The sample: the shape of Amazon's TICKIT database, shortened. Rows come from sample.py.
CREATE SCHEMA IF NOT EXISTS src;

CREATE TABLE IF NOT EXISTS src.users (
  userid INTEGER NOT NULL,
  firstname VARCHAR(30) NOT NULL,
  lastname VARCHAR(30) NOT NULL,
  birthday DATE,
  email VARCHAR(100),
  phone VARCHAR(14),
  city VARCHAR(30),
  state CHAR(2)
) DISTSTYLE ALL SORTKEY (userid);

CREATE TABLE IF NOT EXISTS src.events (
  eventid INTEGER NOT NULL,
  eventname VARCHAR(60) NOT NULL,
  category VARCHAR(20) NOT NULL,
  city VARCHAR(30),
  state CHAR(2),
  starttime TIMESTAMP
) DISTKEY (eventid) SORTKEY (starttime);

CREATE TABLE IF NOT EXISTS src.sales (
  salesid INTEGER NOT NULL,
  eventid INTEGER NOT NULL,
  buyerid INTEGER NOT NULL,
  state CHAR(2),
  qtysold SMALLINT NOT NULL,
  pricepaid NUMERIC(8, 2),
  commission NUMERIC(8, 2),
  saletime TIMESTAMP
) DISTKEY (eventid) SORTKEY (saletime);
