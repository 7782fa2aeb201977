"""What a plan may say, given the configuration and the prior state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..diagnostics import Steps
from ..lifecycle.pairing import children, counterpart, is_present
from ..schema.schema import Attribute, Block, Nested, Nesting
from ..values.raw import Raw, contains_unknown, equal
from ..values.unknown import UNKNOWN
from .problem import Problem, show


@dataclass(frozen=True)
class _Case:
    """The three versions of one value, where it is, and whether it may be shown."""

    planned: Raw
    config: Raw
    prior: Raw
    path: Steps = ()
    secret: bool = False

    def into(self, attribute: Attribute) -> "_Case":
        name = attribute.name
        before = self.prior[name] if is_present(self.prior) else None
        secret = self.secret or attribute.sensitive or attribute.write_only
        return _Case(self.planned[name], self.config[name], before, (*self.path, name), secret)

    def problem(self, message: str) -> Problem:
        return Problem(self.path, message)

    @property
    def disagreement(self) -> Problem:
        shown, wanted = show(self.planned, self.secret), show(self.config, self.secret)
        return self.problem(f"planned {shown}, but the configuration says {wanted}")


def check_plan(attributes: Mapping[str, Attribute], planned: Raw, config: Raw, prior: Raw) -> Iterator[Problem]:
    """Everything that Core would refuse in a plan. ``prior`` is None for an object that is new."""
    yield from _check_attributes(attributes, _Case(planned, config, prior))


def _check_attributes(attributes: Mapping[str, Attribute], case: _Case) -> Iterator[Problem]:
    for attribute in attributes.values():
        yield from _check(attribute, case.into(attribute))


def _check(attribute: Attribute, case: _Case) -> Iterator[Problem]:
    if isinstance(attribute, Block):
        yield from _check_block(attribute, case)
    elif attribute.write_only:
        if case.planned is not None:
            yield case.problem("a write-only attribute must be planned as null")
    elif case.config is None:
        if case.planned is not None and not attribute.computed:
            shown = show(case.planned, case.secret)
            yield case.problem(f"planned {shown}, but it is not configured and the provider may not compute it")
    elif _agrees(attribute, case):
        return
    elif attribute.nested is not None and is_present(case.config):
        yield from _check_nested(attribute.nested, case)
    else:
        yield case.disagreement


def _check_block(block: Block, case: _Case) -> Iterator[Problem]:
    """Blocks are as many as are configured; only a ``dynamic`` block leaves open how many that
    is.
    """
    if case.config is UNKNOWN:
        if case.planned is not UNKNOWN:
            yield case.problem("planned, but a dynamic block leaves open how many there are: it must stay unknown")
    elif case.planned is UNKNOWN:
        yield case.problem("planned as unknown; blocks must be known, only the attributes inside may be unknown")
    elif case.planned is None and block.empty is not None:
        yield case.problem("planned as null; where there are no blocks, the collection is empty")
    elif case.planned is None or case.config is None:
        if case.planned is not case.config:
            yield case.disagreement
    elif block.nested is not None:
        yield from _check_nested(block.nested, case)


def _agrees(attribute: Attribute, case: _Case) -> bool:
    if equal(case.planned, case.config, attribute.type):
        return True
    # To keep the prior value is to say that both mean the same.
    return case.planned is not None and case.prior is not None and equal(case.planned, case.prior, attribute.type)


def _check_nested(nested: Nested, case: _Case) -> Iterator[Problem]:
    if case.planned is UNKNOWN or case.planned is None:
        yield case.problem(f"planned as {show(case.planned, case.secret)}, but it is configured")
    elif nested.nesting is Nesting.SET:
        # Core trusts the contents of sets; their number is certain only if every element is known.
        certain = not contains_unknown(case.planned) and not contains_unknown(case.config)
        if certain and len(case.planned) != len(case.config):
            yield _count(case)
    elif nested.nesting is Nesting.LIST and len(case.planned) != len(case.config):
        yield _count(case)
    elif nested.nesting is Nesting.MAP and case.planned.keys() != case.config.keys():
        names = ", ".join(sorted(case.planned.keys() ^ case.config.keys()))
        yield case.problem(f"the keys planned differ from those configured: {names}")
    else:
        yield from _check_objects(nested, case)


def _check_objects(nested: Nested, case: _Case) -> Iterator[Problem]:
    planned = dict(children(nested, case.planned))
    for step, config in children(nested, case.config):
        prior = counterpart(nested, step, config, case.prior)
        inner = replace(case, planned=planned[step], config=config, prior=prior, path=(*case.path, *step))
        if is_present(inner.config) and is_present(inner.planned):
            yield from _check_attributes(nested.attributes, inner)
        elif inner.config is not inner.planned:
            yield inner.disagreement


def _count(case: _Case) -> Problem:
    return case.problem(f"planned {len(case.planned)} objects, but {len(case.config)} are configured")
