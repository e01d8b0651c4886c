"""Words as people type them come out faithful, and a view can be read aloud."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import (
    Action,
    Attachment,
    Button,
    Buttons,
    Facts,
    Form,
    Link,
    Mention,
    Menu,
    Message,
    Moment,
    Option,
    Part,
    Picture,
    Problems,
    Quote,
    Text,
    Words,
    bold,
    code,
    italic,
)
from bot.plain import read_aloud, tidy, tidy_line

ANSWER = Action("check-in", "answer")
# Any code point, lone surrogates and control characters too: what a platform's JSON can hold.
anything = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\r\n\t \u00a0\u200b\u200d\u202e\u0301\u2028\ufeff")
)


@settings(max_examples=300)
@given(anything)
def test_tidy_words_are_tidy_already(words: str) -> None:
    assert tidy(tidy(words)) == tidy(words)
    assert tidy_line(tidy_line(words)) == tidy_line(words)


@settings(max_examples=300)
@given(anything)
def test_whatever_somebody_types_can_be_shown(words: str) -> None:
    kept = tidy(words)
    if kept:
        assert Message(Quote(kept)).parts == (Quote(kept),)


@given(anything)
def test_a_tidy_line_is_one_line(words: str) -> None:
    assert len(tidy_line(words).splitlines()) <= 1


@given(st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1).filter(str.isascii))
def test_ordinary_words_are_kept_letter_for_letter(words: str) -> None:
    assert tidy(words) == words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hello\n", "Hello"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a  \n\n\n\n  b", "a\n\n  b"),
        ("a\tb", "a\tb"),
        ("a\x00b\x07\x1b[31mc\x7f\x9f", "ab[31mc"),
        ("a\u202eb\u2066c\u2069", "abc"),
        ("a\u200bb\ufeffc\u2060d\u00ade", "abcde"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("a\ud800b\udfff", "ab"),
        ("\U000e0041\U000e0042a", "a"),
        ("e\u0301", "é"),
        ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u200c\u062e\u0648"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("\u200d\u200c \n\u200e\u200f", ""),
        ("\u3164\u115f", ""),
        ("\u00a0\u200d", ""),
        ("\u200d\u2003\u200d", ""),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_left_out_and_what_can_is_kept(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_a_name_stands_on_one_line() -> None:
    assert tidy_line(" Ana \n\n the\t First ") == "Ana the First"


@pytest.mark.parametrize("words", ["a" * 100_000, "\n \n" * 33_000, "e\u0301" * 50_000, "\u202e" * 100_000])
def test_a_hundred_thousand_characters_are_tidied_at_once(words: str) -> None:
    started = time.perf_counter()
    tidy(words)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("part", "aloud"),
    [
        (
            Text(
                *("Hello ", Mention("U1", "Chi"), ", ", bold("come"), " ", italic("please"), " "),
                *(
                    Moment(datetime(2026, 5, 4, 18, 30, tzinfo=UTC), "Mon 18:30"),
                    " ",
                    Link("here", "https://a.example"),
                ),
                *(" or type ", code("/ask")),
            ),
            "Hello @Chi, come please Mon 18:30 here or type /ask",
        ),
        (Quote("We did it\n\n*all*", by="Ben"), "Ben\n> We did it\n> \n> *all*"),
        (Quote("We did it"), "> We did it"),
        (Facts(("Next", "Mon"), ("Who", "Ana")), "Next: Mon\nWho: Ana"),
        (Picture(b"\x89PNG", "Twelve came"), "(Twelve came)"),
        (Attachment("retro.md", "# Retro"), "retro.md (file)"),
        (Buttons(Button("Yes", ANSWER), Link("Map", "https://a.example")), "[Yes] [Map]"),
        (Menu("Pick", ANSWER, (Option("A", "a"), Option("B", "b"))), "Pick {A, B}"),
    ],
)
def test_every_part_of_a_message_is_read_aloud(part: Part, aloud: str) -> None:
    assert read_aloud(Message("So:", part)) == f"So:\n{aloud}"


def test_a_form_and_its_problems_are_read_aloud() -> None:
    form = Form("Check in", ANSWER, Words(name="what", label="What?"), Words(name="when", label="When?"), submit="Go")
    assert read_aloud(form) == "Check in\nWhat?\nWhen?\n[Go]"
    assert read_aloud(Problems({"what": "Say more", "": "Too late"})) == "what: Say more\nToo late"
