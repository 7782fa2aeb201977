-- Run by the account that veil signs in with, or a superuser, before the first apply: veil calls no function of anybody else's, and
-- none in a schema where anybody else may create. Whoever reads the view calls the function, and needs the two grants.
CREATE SCHEMA sec;
CREATE EXTERNAL FUNCTION sec.fpe_encrypt(VARCHAR, VARCHAR) RETURNS VARCHAR STABLE
  LAMBDA 'fpe' IAM_ROLE 'arn:aws:iam::123456789012:role/redshift-lambda';
GRANT USAGE ON SCHEMA sec TO PUBLIC;
GRANT EXECUTE ON FUNCTION sec.fpe_encrypt(VARCHAR, VARCHAR) TO PUBLIC;
