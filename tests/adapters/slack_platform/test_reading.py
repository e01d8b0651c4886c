"""What is shown on this Slack reads as it was written."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import assume, given, settings

from adapters.playground.scene import BOT, Channel
from adapters.slack.render import render_form, render_message
from bot.chat import Form, Mention, Message, Place, Text
from bot.plain import read_aloud
from tests.adapters import views
from tests.adapters.slack_platform import UnansweredError
from tests.adapters.slack_platform.bare_app import BareApp
from tests.adapters.slack_platform.file_methods import File
from tests.adapters.slack_platform.reading import read_form, read_message
from tests.adapters.slack_platform.scenery import BOARD, WHOLE, open_form, post


def name(native: str) -> tuple[str, str]:
    return native, native.lower()


@settings(max_examples=80)
@given(views.messages)
def test_a_message_that_slack_shows_reads_as_it_was_written(message: Message) -> None:
    mentions = [
        span for part in message.parts if isinstance(part, Text) for span in part.spans if isinstance(span, Mention)
    ]
    known = {one.person: one.name for one in mentions}
    assume(all(known[one.person] == one.name and re.fullmatch("[UW][A-Z0-9]{2,}", one.person) for one in mentions))
    links = {one.name: f"https://files.example/{one.name}" for one in message.attachments}
    files = {links[one.name]: File("F1", "T1", one.name, 1, one.content) for one in message.attachments}
    shown = render_message(message, links)
    read = read_message(
        shown["text"], shown["blocks"], naming=lambda native: (native, known.get(native, native)), files=files
    )
    assert plainly(read_aloud(read)) == plainly(read_aloud(message))


@given(views.forms)
def test_a_form_that_slack_shows_reads_as_it_was_written(form: Form) -> None:
    read = read_form(render_form(form), naming=name)
    assert read_aloud(read) == read_aloud(form)
    assert [(one.name, one.label, one.hint, one.required, type(one)) for one in read.fields] == [
        (one.name, one.label, one.hint, one.required, type(one)) for one in form.fields
    ]
    assert (read.action, read.submit) == (form.action, form.submit)


def test_what_keeps_words_from_calling_everybody_is_not_seen() -> None:
    message = Message("<!channel> come")
    assert read_message("", render_message(message)["blocks"], naming=name) == message


def plainly(words: str) -> str:
    return words.replace("<\u2060!", "<!")


async def test_the_room_looks_the_same_on_slack(app: BareApp) -> None:
    stand = app.stand
    board = await post(app)
    await stand.say("chi", "river", "Fine", thread=board)
    assert stand.channels == (Channel("river", "river", "movement", "ana", ("ana", "ben", "chi")),)
    (shown,) = stand.channel_messages("river")
    assert (shown.view, shown.author, shown.place) == (BOARD, BOT, Place("slack", "movement", "river"))
    (reply,) = stand.thread(board)
    assert (reply.author, reply.words, reply.place) == ("chi", "Fine", Place("slack", "movement", "river", board))
    assert (stand.native("ana"), stand.named("CRIVER"), html.unescape(reply.text)) == ("UANA", "river", "Fine")


async def test_whoever_acts_while_slack_waits_sees_the_error(app: BareApp) -> None:
    app.stand.platform.dispatch.ack_seconds = 0.05
    form = await open_form(app)
    app.answer = lambda _: None
    with pytest.raises(UnansweredError, match="operation_timeout"):
        await app.stand.fill("chi", form, WHOLE)
    assert app.stand.form("chi") is not None
