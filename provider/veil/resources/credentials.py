"""The provider's `temporary_credentials` block: signing in with AWS credentials."""

from typing import TYPE_CHECKING

from veil.plugin import Model, attribute, check
from veil.resources.hcl.names import Text

if TYPE_CHECKING:
    from veil.warehouse import settings

_USER_OF_A_WORKGROUP = "A workgroup has no db_user and no auto_create: AWS derives the user from the AWS identity."


class TemporaryCredentials(Model):
    """Sign in with AWS credentials instead of a password: AWS gives one that holds for some
    minutes, and it is asked again for every connection. The AWS identity comes from where the AWS
    tools look for it: `AWS_PROFILE`, `AWS_ACCESS_KEY_ID`, a role. Without `host`, AWS is asked for
    the endpoint as well.
    """

    cluster_identifier: Text | None = attribute("The provisioned cluster. Either this or `workgroup`.")
    workgroup: Text | None = attribute("The serverless workgroup. Either this or `cluster_identifier`.")
    region: Text | None = attribute("The AWS region. Environment: AWS_REGION.")
    profile: Text | None = attribute("The AWS profile. Environment: AWS_PROFILE.")
    db_user: Text | None = attribute(
        "The database user to sign in as, on a provisioned cluster. Default: `username`; without either, AWS derives it "
        "from the AWS identity, as it always does for a workgroup."
    )
    auto_create: bool | None = attribute("Whether AWS creates `db_user` where it is missing. Default: false.")

    @check(given=["cluster_identifier", "workgroup"])
    def _one_place(self) -> None:
        if (self.cluster_identifier is None) == (self.workgroup is None):
            raise ValueError("temporary_credentials takes either cluster_identifier or workgroup.")

    @check(given=["workgroup", "db_user"])
    def _a_workgroup_has_no_user(self) -> None:
        if self.workgroup is not None and self.db_user is not None:
            raise ValueError(_USER_OF_A_WORKGROUP)

    @check("auto_create", given=["workgroup"])
    def _a_workgroup_creates_no_user(self) -> None:
        if self.workgroup is not None and self.auto_create:
            raise ValueError(_USER_OF_A_WORKGROUP)

    def to_settings(self, username: str | None) -> "settings.TemporaryCredentials":
        """What the warehouse layer takes; `username` stands in for a missing `db_user`."""
        from veil.warehouse import settings

        return settings.TemporaryCredentials(
            cluster_identifier=self.cluster_identifier,
            workgroup=self.workgroup,
            region=self.region,
            profile=self.profile,
            db_user=(self.db_user or username or None) if self.workgroup is None else None,
            auto_create=bool(self.auto_create),
        )
