"""The river of these tests on the made-up Slack: what is shown there, and what people and an app do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.playground.refusals import RoomError
from adapters.slack.render import render_form, render_message
from bot.chat import Action, Button, Buttons, Choice, Form, Link, Menu, Message, Option, People, When, Words
from tests.adapters.slack_platform.bare_app import BareApp

START = datetime(2026, 11, 1, 11, 0, tzinfo=UTC)
GO = Action("demo", "go", "7", 3)
PICK = Action("demo", "pick")
BOARD = Message(
    "How are you?",
    Buttons(Button("Go", GO), Link("More", "https://a.example")),
    Menu("Which?", PICK, (Option("Four", "4"),)),
)
FORM = Form(
    "Check in",
    GO,
    Words(name="words", label="Words", most=20),
    Choice(name="mood", label="Mood", options=(Option("Good", "4"), Option("Tired", "2")), required=False),
    People(name="who", label="Who", most=2, required=False),
    When(name="day", label="Day", required=False),
    When(name="at", label="At", clock=True, required=False),
)
WHOLE: dict[str, str | tuple[str, ...]] = {
    "words": "Hello",
    "mood": "4",
    "who": ("ben", "ana"),
    "day": "2026-11-12",
    "at": "2026-11-12 18:00",
}


async def post(app: BareApp, message: Message = BOARD, **more: object) -> str:
    answer = await app.call("chat.postMessage", **{"channel": "CRIVER", **render_message(message), **more})
    assert answer["ok"], answer
    return f"{answer['channel']}/{answer['ts']}"


async def open_form(app: BareApp, form: Form = FORM, **more: object) -> str:
    """Let Chi open a form with a command."""
    await app.stand.command("chi", "river", "/drumbeat")
    trigger = app.heard[-1]["payload"]["trigger_id"]
    answer = await app.call("views.open", trigger_id=trigger, view=render_form(form) | more)
    assert answer["ok"], answer
    return str(answer["view"]["id"])


def heard_events(app: BareApp) -> list[str]:
    return [one["payload"]["event"]["type"] for one in app.heard if one.get("type") == "events_api"]


def last_event(app: BareApp) -> dict[str, Any]:
    event: dict[str, Any] = [one for one in app.heard if one.get("type") == "events_api"][-1]["payload"]["event"]
    return event


def payload(app: BareApp) -> dict[str, Any]:
    found: dict[str, Any] = app.heard[-1]["payload"]
    return found


async def refusal(doing: Any) -> str:  # noqa: ANN401 - any coroutine
    with pytest.raises(RoomError) as refused:
        await doing
    return refused.value.why
