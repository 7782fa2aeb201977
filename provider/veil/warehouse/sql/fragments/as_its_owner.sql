-- as_its_owner(): how every procedure of ours runs: what it calls is not for the caller's search_path to say.
LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp
