"""The log says what kind of error it was and where, and holds nobody's words."""

from __future__ import annotations

import json
import logging
import re

import pytest
import structlog

from bot.log import Outline, outline, outline_errors, seal, set_up_logging

SECRET = "what Chi typed"


def stumble(words: str) -> None:
    try:
        dict[str, int]()[words] += 1
    except KeyError as error:
        msg = f"cannot keep {words}"
        raise ValueError(msg) from error


def caught() -> BaseException:
    try:
        stumble(SECRET)
    except ValueError as error:
        return error
    raise AssertionError


def test_an_error_is_told_by_its_kind_and_place_and_never_by_its_text() -> None:
    lines = list(outline(caught()))
    assert [line for line in lines if not line.startswith("  ")] == [
        "builtins.KeyError",
        "which led to",
        "builtins.ValueError",
    ]
    assert lines[0].endswith("in stumble")
    assert SECRET not in "\n".join(lines)


def test_errors_in_a_group_are_told_one_by_one() -> None:
    group = ExceptionGroup(SECRET, [KeyError(SECRET), OSError(SECRET)])
    assert list(outline(group)) == ["builtins.ExceptionGroup", "  | builtins.KeyError", "  | builtins.OSError"]


@pytest.mark.parametrize("form", ["plain", "json"])
def test_neither_form_of_the_log_shows_an_errors_text_or_variables(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()
    words = SECRET  # a variable that a picture of the frame would show
    try:
        set_up_logging("info", form)  # type: ignore[arg-type]
        log = structlog.get_logger()
        try:
            stumble(words)
        except ValueError:
            log.exception("turn failed", what="submitted")
        log.error("turn failed", what="submitted", exc_info=caught())
    finally:
        structlog.configure(**before)
    shown = capsys.readouterr().err
    assert (shown.count("turn failed"), shown.count("builtins.ValueError"), SECRET in shown) == (2, 2, False)
    if form == "json":
        assert {json.loads(line)["what"] for line in shown.splitlines()} == {"submitted"}


def test_a_line_without_an_error_stays_as_it_is() -> None:
    assert outline_errors(None, "info", {"event": "running"}) == {"event": "running"}


def test_whatever_a_line_is_given_only_what_is_known_to_be_ours_is_told_in_words() -> None:
    line = {
        "event": "put off",
        "post": 7,
        "seconds": 2.5,
        "late": True,
        "about": "17/3",
        "error": "not_in_channel",
        "where": None,
    }
    given = {**line, "why": "#river is archived", "lane": "slack/T1/C1", "people": ["Ana"], "again": "slack/T1/C1"}
    sealed = seal(None, "info", dict(given))
    assert {key: sealed[key] for key in line} == line
    assert sealed["lane"] == sealed["again"] != sealed["why"]
    assert all(re.fullmatch("~[0-9a-f]{8}", str(sealed[key])) for key in given.keys() - line.keys())


def test_of_what_libraries_log_only_the_place_is_written() -> None:
    theirs = logging.LogRecord("slack_sdk", logging.ERROR, "client.py", 3, f"Sent {SECRET}", (), None, "send")
    error = caught()
    told = (type(error), error, error.__traceback__)
    ours = logging.LogRecord("bot.play", logging.ERROR, "play.py", 4, "failed: %s", (SECRET,), told, "act")
    assert Outline().format(theirs) == "error slack_sdk client.py:3 in send"
    lines = Outline().format(ours).splitlines()
    assert (lines[0], lines[-1], SECRET in str(lines)) == (
        "error bot.play play.py:4 in act: failed: %s",
        "builtins.ValueError",
        False,
    )
