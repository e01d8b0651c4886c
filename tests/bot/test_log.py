"""The log says what kind of error it was and where, and holds nobody's words."""

from __future__ import annotations

import json

import pytest
import structlog

from bot.log import outline, outline_errors, set_up_logging

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
