"""`baseline`: what is hidden where no policy says anything."""

from veil.plugin import Model, attribute, check
from veil.resources.hcl.names import Tag
from veil.resources.hcl.texts import any_of

_TAGS = ("null_tags", "closed_tags", "filter_column_tags")


class BaselineModel(Model):
    """What holds whatever order Terraform makes and destroys policies in."""

    null_tags: frozenset[Tag] = attribute(
        "Columns under these tags are NULL unless an active mask covers them.", default=frozenset()
    )
    closed_tags: frozenset[Tag] = attribute(
        "Data sources under these tags show no rows unless an active row policy covers them.", default=frozenset()
    )
    filter_column_tags: frozenset[Tag] = attribute(
        "Columns under these tags are `filter_columns` of their data sources: filters on them reach the scan, and what "
        "they hold in hidden rows may be learned.",
        default=frozenset(),
    )

    @check(partly=_TAGS)
    def _says_something(self) -> None:
        any_of("baseline", _TAGS, self.model_fields_set)
