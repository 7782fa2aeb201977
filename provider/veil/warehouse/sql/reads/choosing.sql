SELECT r.immuta__userid FROM {system}.runtime AS r
UNION
SELECT a.immuta__userid FROM {system}.acknowledgement AS a;
