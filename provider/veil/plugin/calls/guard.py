"""Turn whatever goes wrong in a call into diagnostics. No exception leaves a call, and no stack trace is shown."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..codec.errors import CodecError
from ..contract.problem import Problem
from ..diagnostics import Diagnostic, Diagnostics, PluginError
from .session import Session

BUG = "This is a bug in the provider. Please report it with the output of TF_LOG=debug."


@contextmanager
def guarded(session: Session, diagnostics: Diagnostics, subject: str) -> Iterator[None]:
    """Run provider code; what it raises becomes diagnostics. ``subject`` names the type that is being worked on."""
    try:
        yield
    except PluginError as error:
        diagnostics.extend(error.diagnostics)
    except CodecError as error:
        session.log.debug("%s: a value did not fit its type", subject, exc_info=True)
        diagnostics.error(f"Malformed value for {subject}", f"{error}. {BUG}", error.path)
    except (Exception, SystemExit) as error:
        session.log.debug("%s: an exception was not handled", subject, exc_info=True)
        diagnostics.error(f"Internal error in {subject}", f"{_one_line(error)} {BUG}")


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    name = type(error).__name__
    return f"{name}: {text}." if text else f"{name}."


def report(diagnostics: Diagnostics, problems: list[Problem], subject: str, phase: str) -> None:
    """Say which of Terraform's rules the provider has broken."""
    for problem in problems:
        detail = f"{subject}.{problem}. {BUG}"
        diagnostics.add(Diagnostic.error(f"The provider's {phase} breaks Terraform's rules", detail, problem.path))
