"""The one error that the engine raises for people to read."""


class EngineError(Exception):
    """Something about the local engine that its user has to know: what happened, where, and what to
    do.
    """
