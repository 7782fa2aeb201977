INSERT INTO {system}.applier (immuta__userid, view_schema) VALUES ({applier_name}, {view_schema});
INSERT INTO {system}.made_view (view_schema, view_name)
SELECT p.view_schema, p.view_name
FROM {system}.published AS p
LEFT JOIN {system}.made_view AS m ON m.view_schema = p.view_schema AND m.view_name = p.view_name
WHERE m.view_name IS NULL;
