"""Every kind of mask is declared once, and is in every table of every pass: a forgotten one is told
here.
"""

from dataclasses import fields

import pytest

from veil.compiler.masks import MASKS as COMPILED
from veil.model import Constant, Function, Sql
from veil.model.masks import MASK_KINDS, MaskKind
from veil.oracle.masks import MASKS as EVALUATED
from veil.policy.resolved import Called, ExpressionMask
from veil.resources.hcl.masks import Mask


def test_every_kind_is_compiled_and_evaluated() -> None:
    assert set(EVALUATED) == set(MASK_KINDS)
    assert set(COMPILED) == {*MASK_KINDS, ExpressionMask, Called} - {Constant, Function, Sql}


@pytest.mark.parametrize("kind", MASK_KINDS, ids=lambda kind: kind.key)
def test_every_kind_says_what_it_is_and_what_each_field_holds(kind: type[MaskKind]) -> None:
    assert kind.__doc__ and kind.summary.endswith(".")
    assert all(each.metadata["description"].endswith(".") for each in fields(kind))  # type: ignore[arg-type]


def test_hcl_has_exactly_one_attribute_for_each_kind() -> None:
    assert [info.alias for info in Mask.model_fields.values()] == [kind.key for kind in MASK_KINDS]
