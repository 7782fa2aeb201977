"""Which walk of Terraform's a configured process serves: the one that plans, or the one that
applies.

Nothing says so. A value may become known only while resources are applied, and then Terraform
validates and plans the resource once more: what is wrong with it is found in calls that look like
those of a plan. The calls around it tell the two apart, though not always in time.
"""

import threading

PATIENCE = 0.5
"""Seconds that an answer waits for other calls to tell."""


class Walk:
    """What the calls since the process was configured have told. Safe to use from many threads."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self._plans = False
        self._applies = False
        self._has_waited = False

    def plans(self) -> None:
        """There was a call that only a plan makes: a refresh, an import, the plan of a removal, an
        unknown value.
        """
        self._plans = True
        self._told.set()

    def applies(self) -> None:
        """There was a call that only an apply makes."""
        self._applies = True
        self._told.set()

    @property
    def is_plan(self) -> bool:
        """Whether this is a plan for certain, by what has been told so far."""
        return self._plans and not self._applies

    @property
    def is_apply(self) -> bool:
        """Whether this is an apply for certain, by what has been told so far."""
        return self._applies

    def turns_out_to_plan(self) -> bool:
        """Whether this is a plan for certain. Waits a moment where nothing has told yet."""
        self._told.wait(PATIENCE)
        return self.is_plan

    def turns_out_to_apply(self) -> bool:
        """Whether this is an apply for certain. Waits a moment where nothing has told yet, and not
        again where nothing did.
        """
        if not self._has_waited:
            self._told.wait(PATIENCE)
            self._has_waited = True
        return self.is_apply
