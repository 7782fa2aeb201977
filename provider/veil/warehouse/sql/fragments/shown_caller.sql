-- shown_caller(): the columns of caller, of its one row `w`.
SELECT
    w.immuta__userid AS immuta__userid,
    w.current_project AS current_project,
    w.equalized AS equalized,
    CASE WHEN w.equalized = 0 THEN w.immuta__userid END AS username
