"""Log records in the form that Terraform reads."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from veil.plugin.server.logs import OFF, TRACE, PrintedLines, set_up_logging, wanted_level


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What a set-up at TRACE writes to; the previous logging comes back afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("terraform")
    handlers, level, our_level = root.handlers[:], root.level, ours.level
    written = io.StringIO()
    set_up_logging({"TF_LOG": "trace"}, "lab", written)
    yield written
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    ours.setLevel(our_level)


@pytest.mark.parametrize(
    ("environment", "level"),
    [
        ({}, OFF),
        ({"TF_LOG": ""}, OFF),
        ({"TF_LOG": "WARN"}, logging.WARNING),
        ({"TF_LOG": "json"}, TRACE),
        ({"TF_LOG": "nonsense"}, TRACE),
        ({"TF_LOG": "off"}, OFF),
        ({"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "error"}, logging.ERROR),
        ({"TF_LOG_PROVIDER": "ERROR", "TF_LOG_PROVIDER_LAB": "INFO"}, logging.INFO),
        ({"TF_LOG_PROVIDER_OTHER": "INFO"}, OFF),
    ],
)
def test_the_most_specific_variable_decides_the_level(environment: dict[str, str], level: int) -> None:
    assert wanted_level(environment, "lab") == level


def test_a_record_is_one_line_of_strings(stream: io.StringIO) -> None:
    fields = {"count": 5, "@message": 7, "none": None}
    logging.getLogger("terraform.provider.lab").info("made %s\nand more", "it", extra={"fields": fields})
    (line,) = stream.getvalue().splitlines()
    record = json.loads(line)
    assert record["@message"] == "made it\nand more"
    assert record["@level"] == "info"
    assert record["@module"] == "terraform.provider.lab"
    assert record["count"] == "5"
    assert all(isinstance(value, str) for value in record.values())


def test_a_timestamp_has_six_digits_even_when_they_are_zero(stream: io.StringIO) -> None:
    log = logging.getLogger("terraform.provider.lab")
    record = log.makeRecord(log.name, logging.INFO, "x", 1, "text", (), None)
    record.created = 1_700_000_000.0
    log.handle(record)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", json.loads(stream.getvalue())["@timestamp"])


def test_levels_have_the_names_of_terraform(stream: io.StringIO) -> None:
    log = logging.getLogger("terraform.provider.lab")
    for level in (TRACE, logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        log.log(level, "x")
    levels = [json.loads(line)["@level"] for line in stream.getvalue().splitlines()]
    assert levels == ["trace", "debug", "info", "warn", "error", "error"]


def test_a_trace_stays_on_one_line(stream: io.StringIO) -> None:
    try:
        raise ValueError("boom")
    except ValueError:
        logging.getLogger("terraform.provider.lab").exception("failed")
    (line,) = stream.getvalue().splitlines()
    assert "ValueError: boom" in json.loads(line)["@message"]


def test_a_line_never_grows_beyond_what_terraform_takes(stream: io.StringIO) -> None:
    logging.getLogger("terraform.provider.lab").info("x" * 1_000_000)
    assert len(stream.getvalue()) < 65_536


def test_libraries_are_heard_from_their_warnings_on(stream: io.StringIO) -> None:
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("trouble")
    assert [json.loads(line)["@message"] for line in stream.getvalue().splitlines()] == ["trouble"]


def test_what_is_printed_is_logged_line_by_line(stream: io.StringIO) -> None:
    printed = PrintedLines(logging.getLogger("terraform.provider.lab"))
    print('{"@message":5}', "and", file=printed)
    print("half", end="", file=printed)
    print(" a line", file=printed)
    messages = [json.loads(line)["@message"] for line in stream.getvalue().splitlines()]
    assert messages == ['printed: {"@message":5} and', "printed: half a line"]
