"""What AWS answers instead of temporary credentials, in words for people.

The codes are those of the API references of Amazon Redshift and Redshift Serverless, and "Common
Errors" there.
"""

from veil.warehouse.errors import WarehouseError
from veil.warehouse.settings import TemporaryCredentials

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "OptInRequired"})
_UNKNOWN = frozenset({"ClusterNotFound", "ClusterNotFoundFault", "ResourceNotFoundException"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_WRONG = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_MISSING = frozenset({"NoCredentialsError", "PartialCredentialsError"})
_SIGN_IN_AGAIN = frozenset(
    {"CredentialRetrievalError", "SSOTokenLoadError", "TokenRetrievalError", "UnauthorizedSSOTokenError"}
)
_NO_ANSWER = frozenset(
    {
        "ConnectTimeoutError",
        "ConnectionClosedError",
        "EndpointConnectionError",
        "ProxyConnectionError",
        "ReadTimeoutError",
    }
)


def explain(credentials: TemporaryCredentials, problem: Exception) -> WarehouseError:
    """The error for whatever boto3 raised."""
    response = getattr(problem, "response", None)
    if isinstance(response, dict):
        error = response.get("Error", {})
        return _refused(credentials, str(error.get("Code", "")), str(error.get("Message", "")))
    name = type(problem).__name__
    if name in _MISSING:
        return WarehouseError(
            "No AWS credentials",
            "temporary_credentials asks AWS for a password, and nothing on this machine says as whom: no AWS_PROFILE, no "
            "AWS_ACCESS_KEY_ID, no role. Sign in with the AWS tools, or name a profile in temporary_credentials.",
        )
    if name == "ProfileNotFound":
        return WarehouseError(
            "Unknown AWS profile", f"{problem}. Check profile in temporary_credentials, and AWS_PROFILE."
        )
    if name == "NoRegionError":
        return WarehouseError(
            "No AWS region", "Set region in temporary_credentials, or AWS_REGION, to where the warehouse is."
        )
    if name in _SIGN_IN_AGAIN:
        return _expired(str(problem))
    if name in _NO_ANSWER:
        return WarehouseError(
            "AWS does not answer", f"{problem} Check the region, and whether this machine may reach AWS.", lost=True
        )
    if not isinstance(problem, _speaking()):
        # An answer without what AWS documents, or a file that is none of AWS's tools'.
        return WarehouseError(
            "No temporary credentials",
            f"AWS was asked about {credentials.place}, and the answer, or the AWS configuration of this machine, could not be read. "
            "Sign in with the AWS tools and try again; please report it with the output of TF_LOG=debug where that does not help.",
        )
    return WarehouseError("No temporary credentials", f"Asking AWS about {credentials.place} failed: {problem}")


def _speaking() -> tuple[type[Exception], ...]:
    """What AWS's tools raise, in words for people."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError, Boto3Error


def _refused(credentials: TemporaryCredentials, code: str, message: str) -> WarehouseError:
    answer = f"AWS says: {message or code}"
    if code in _UNKNOWN:
        return WarehouseError(
            "AWS knows no such warehouse", f"There is no {credentials.place} in this region and account. {answer}"
        )
    if code in _EXPIRED:
        return _expired(answer)
    if code in _WRONG:
        return WarehouseError("AWS did not accept the credentials", f"{answer}. Check the AWS keys or the profile.")
    if code in _DENIED:
        return WarehouseError(
            "AWS denied temporary credentials",
            f"The AWS identity may not sign in to {credentials.place}. {answer} It needs {_actions(credentials)}.",
        )
    return WarehouseError("No temporary credentials", f"{answer} ({code}, for {credentials.place}).")


def _expired(answer: str) -> WarehouseError:
    return WarehouseError(
        "The AWS session has expired",
        f"{answer}. Sign in to AWS again (for example: aws sso login), then run Terraform again.",
    )


def _actions(credentials: TemporaryCredentials) -> str:
    if credentials.workgroup:
        return "redshift-serverless:GetCredentials, and redshift-serverless:GetWorkgroup where host is left out"
    if not credentials.db_user:
        return "redshift:GetClusterCredentialsWithIAM, and redshift:DescribeClusters where host is left out"
    creating = " and redshift:CreateClusterUser" if credentials.auto_create else ""
    return f"redshift:GetClusterCredentials{creating}, and redshift:DescribeClusters where host is left out"
