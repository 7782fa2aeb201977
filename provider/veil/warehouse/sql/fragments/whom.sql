-- whom(p): a caller as one text: who, in which project, and whether in the equalized one. No two have the same one.
CAST({{p}}.equalized AS VARCHAR(1)) || CAST(pg_catalog.LEN({{p}}.immuta__userid) AS VARCHAR(8)) || ':' || {{p}}.immuta__userid
|| COALESCE('+' || {{p}}.current_project, '-') || '|'
