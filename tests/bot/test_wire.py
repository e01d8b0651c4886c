"""What was written down comes back the same, after a restart or in a browser."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from bot.chat import (
    Action,
    Attachment,
    Button,
    Buttons,
    Form,
    Menu,
    Message,
    Moment,
    Option,
    Picture,
    Problems,
    Text,
    ViewError,
    Whisper,
    Words,
    bold,
)
from bot.wire import View, from_json, to_json
from tests.adapters import views


@settings(max_examples=60)
@given(views.views)
def test_everything_that_can_be_shown_comes_back_the_same(view: View) -> None:
    assert from_json(json.loads(json.dumps(to_json(view)))) == view


def test_what_is_written_down_says_what_it_is() -> None:
    message = Message(
        Text("At ", bold("six"), Moment(datetime(2026, 5, 4, 18, tzinfo=UTC), "6 pm")),
        Picture(b"\x89PNG", "Twelve"),
        Attachment("a.md", "# A"),
    )
    assert to_json(message) == {
        "is": "Message",
        "parts": [
            {
                "is": "Text",
                "spans": [
                    {"is": "Span", "words": "At ", "style": "plain"},
                    {"is": "Span", "words": "six", "style": "bold"},
                    {
                        "is": "Moment",
                        "at": {"is": "datetime", "iso": "2026-05-04T18:00:00+00:00"},
                        "words": "6 pm",
                        "style": "moment",
                    },
                ],
            },
            {"is": "Picture", "png": {"is": "bytes", "base64": "iVBORw=="}, "alt": "Twelve"},
            {"is": "Attachment", "name": "a.md", "words": "# A"},
        ],
    }


def test_a_form_a_whisper_and_problems_come_back_as_what_they_were() -> None:
    form = Form("Ask", Action("ask", "send"), Words(name="what", label="What"), submit="Go")
    whisper = Whisper(Text("Thanks"), Buttons(Button("Undo", Action("ask", "undo"))))
    problems = Problems({"what": "Say more", "": "Too late"})
    assert [from_json(to_json(view)) for view in (form, whisper, problems)] == [form, whisper, problems]


def test_a_limit_holds_for_what_was_written_down_too() -> None:
    written = to_json(Message("Hello", Menu("Pick", Action("a", "b"), (Option("One", "1"),))))
    written["parts"][1]["options"] = []
    with pytest.raises(ViewError, match="0 options, not 1 to 25"):
        from_json(written)


def test_a_moment_in_the_hour_that_comes_twice_comes_back_the_same() -> None:
    twice = Moment(datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")), "Sun 25 Oct, 2:30")
    assert from_json(to_json(Message(Text(twice)))) == Message(Text(twice))
