"""`baseline`: what is hidden where no policy says anything."""

from pydantic import model_validator

from veil.plugin import Model, attribute
from veil.resources.hcl.names import Tag
from veil.resources.hcl.texts import any_of


class BaselineModel(Model):
    """What holds whatever order Terraform makes and destroys policies in."""

    null_tags: frozenset[Tag] = attribute(
        "Columns under these tags are NULL unless an active mask covers them.", default=frozenset()
    )
    closed_tags: frozenset[Tag] = attribute(
        "Data sources under these tags show no rows unless an active row policy covers them.", default=frozenset()
    )

    @model_validator(mode="after")
    def _says_something(self) -> "BaselineModel":
        any_of("baseline", ("null_tags", "closed_tags"), self.model_fields_set)
        return self
