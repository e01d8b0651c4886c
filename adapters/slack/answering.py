"""How an answer reaches the one who acted: within Slack's three seconds, or afterwards with a word that it will come.

Commands: https://docs.slack.dev/interactivity/implementing-slash-commands, forms: https://docs.slack.dev/surfaces/modals
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from adapters.slack.calls import Calls
from adapters.slack.delivery import Delivery
from adapters.slack.errands import Errands
from adapters.slack.forms import Where, field_names, filled_again, form_view, said_view
from adapters.slack.refusals import SlackError
from adapters.slack.render import render_message, render_problems, render_whisper
from adapters.slack.workspaces import Install
from bot.chat import (
    Answer,
    Commanded,
    DeliveryError,
    Form,
    Message,
    Person,
    Place,
    Pressed,
    Problems,
    Submitted,
    Text,
    Whisper,
)

Json = dict[str, Any]
log = structlog.get_logger()

# Slack waits three seconds; what is left is for the way.
ANSWER_SECONDS = 2.0

ONE_MOMENT = "One moment…"
ALL_DONE = "That is done."
KEEPING = "One moment… I am noting down what you sent."
DONE = "That is done. You can close this."
WRITTEN = "That is done. I have written you the answer in the chat."
SORRY = "Sorry, that went wrong on my side. Please try again."
TOO_SLOW = "That took me longer than Slack waits for a form. Please try once more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Something that a person did and that waits for an answer, with all ways to bring it to them."""

    install: Install
    event: Commanded | Pressed | Submitted
    until: float
    trigger: str = ""
    response_url: str = ""
    view: Json = field(default_factory=dict)
    home: bool = False

    @property
    def where(self) -> Where:
        place = self.event.place
        return Where(place.channel, place.thread if place.channel else "", self.home)


class Answering:
    """Turns answers into acknowledgements, whispers and forms. ``look`` shows a person their App Home anew."""

    def __init__(
        self, calls: Calls, delivery: Delivery, errands: Errands, *, look: Callable[[Install, Person], Awaitable[None]]
    ) -> None:
        self._calls = calls
        self._delivery = delivery
        self._errands = errands
        self._look = look

    # ------------------------------------------------------------------------------------------- acknowledgements

    async def to_command(self, asked: Asked, coming: asyncio.Task[Answer]) -> Json:
        """Give the body that acknowledges a command: the whisper itself where it is one and in time."""
        if not await _in_time(asked, coming):
            self._errands.run("late answer to a command", self._follow_command(asked, coming))
            return self._acked("ack.command", {"response_type": "ephemeral", "text": ONE_MOMENT})
        match coming.result():
            case Form() as form:
                self._errands.run("open a form", self._open(asked, form))
            case Whisper() | Problems() as said:
                return self._acked("ack.command", {"response_type": "ephemeral", **render_message(_words(said))})
            case None:
                pass
        return self._acked("ack.command", {})

    async def to_press(self, asked: Asked, coming: asyncio.Task[Answer]) -> Json:
        """Acknowledge a press, which takes no body; everything there is to say follows."""
        late = not await _in_time(asked, coming)
        self._errands.run("answer a press", self._follow_press(asked, coming, late=late))
        return self._acked("ack.block_actions", {})

    async def to_form(self, asked: Asked, coming: asyncio.Task[Answer]) -> Json:
        """Give the body that closes a form, marks its problems, or shows the next one in its place."""
        if not await _in_time(asked, coming):
            self._errands.run("late answer to a form", self._follow_form(asked, coming))
            waiting = {"response_action": "update", "view": said_view(asked.view, KEEPING)}
            return self._acked("ack.view_submission", waiting)
        body: Json = {}
        match coming.result():
            case Form() as form:
                body = {"response_action": "update", "view": form_view(form, asked.where)}
            case Problems() as problems:
                return self._acked("ack.view_submission", render_problems(problems, field_names(asked.view)))
            case Whisper(message=message):
                self._errands.run("whisper after a form", self._tell(asked, message))
            case None:
                pass
        self._refresh(asked)
        return self._acked("ack.view_submission", body)

    def _acked(self, kind: str, body: Json) -> Json:
        self._calls.recorder.note(kind, body)
        return body

    # ------------------------------------------------------------------------------------------- afterwards

    async def _follow_command(self, asked: Asked, coming: asyncio.Task[Answer]) -> None:
        """Put the answer in the place of 'One moment…'."""
        gone = {"delete_original": True}
        match await coming:
            case Form() as form:
                if await self._open(asked, form, replace=True):
                    await self._respond(asked, gone)
            case Whisper() | Problems() as said:
                await self._whisper(asked, _words(said), replace=True)
            case None:
                await self._respond(asked, gone)

    async def _follow_press(self, asked: Asked, coming: asyncio.Task[Answer], *, late: bool) -> None:
        """Say what there is to say beside the message that was pressed.

        Never in the place of 'One moment…': what answers a press can only replace or delete the message that the
        button stands on, for everybody. https://docs.slack.dev/messaging/modifying-messages
        """
        waiting = late and bool(asked.response_url)
        if waiting:
            waiting = await self._respond(asked, {**render_whisper(Whisper(ONE_MOMENT)), "replace_original": False})
        match await coming:
            case Form() as form:
                await self._open(asked, form)
            case Whisper() | Problems() as said:
                await self._whisper(asked, _words(said))
            case None if waiting:
                await self._whisper(asked, Message(ALL_DONE))
            case None:
                pass
        self._refresh(asked)

    async def _follow_form(self, asked: Asked, coming: asyncio.Task[Answer]) -> None:
        """Put the answer where the form was. Who closed it meanwhile is told what is wrong all the same."""
        match await coming:
            case Form() as form:
                view, words = form_view(form, asked.where), None
            case Problems() as problems:
                view, words = filled_again(asked.view, problems), None
                if not await self._update(asked, view):
                    await self._tell(asked, _words(problems))
                return
            case Whisper(message=message):
                view, words = said_view(asked.view, WRITTEN), message
            case None:
                view, words = said_view(asked.view, DONE), None
        await self._update(asked, view)
        if words is not None:
            await self._tell(asked, words)
        self._refresh(asked)

    async def _open(self, asked: Asked, form: Form, *, replace: bool = False) -> bool:
        """Open a form; when its time is over, say so."""
        sent = {"trigger_id": asked.trigger, "view": form_view(form, asked.where)}
        try:
            await self._calls.call("views.open", sent, token=asked.install.token)
        except SlackError as error:
            late = "trigger" in error.error
            log.warning("slack: a form did not open", workspace=asked.install.workspace, error=error.error)
            await self._whisper(asked, Message(TOO_SLOW if late else SORRY), replace=replace)
            return False
        return True

    async def _update(self, asked: Asked, view: Json) -> bool:
        try:
            await self._calls.call(
                "views.update", {"view_id": asked.view["id"], "view": view}, token=asked.install.token
            )
        except SlackError as error:
            log.info("slack: a form was closed meanwhile", workspace=asked.install.workspace, error=error.error)
            return False
        return True

    async def _whisper(self, asked: Asked, message: Message, *, replace: bool = False) -> None:
        """Say something beside what was acted on; where that cannot be, in the channel or in private."""
        body = {**render_whisper(Whisper(*message.parts)), "replace_original": replace}
        if not (asked.response_url and await self._respond(asked, body)):
            await self._tell(asked, message)

    async def _respond(self, asked: Asked, body: Json) -> bool:
        try:
            await self._calls.send(asked.response_url, body)
        except DeliveryError as error:
            log.info(
                "slack: an answer found its address closed",
                workspace=asked.install.workspace,
                permanent=error.permanent,
            )
            return False
        return True

    async def say_no(self, response_url: str | None, sentence: str) -> None:
        """Say to somebody whose press could not even be looked at why that is."""
        if response_url:
            await self._calls.send(response_url, {**render_whisper(Whisper(sentence)), "replace_original": False})

    async def _tell(self, asked: Asked, message: Message) -> None:
        await self.tell(asked.install, asked.event.who.id, asked.event.place, message)

    async def tell(self, install: Install, person: str, place: Place, message: Message) -> None:
        """Tell somebody alone, where they acted."""
        thread = place.thread if place.channel else ""
        await self._delivery.tell(install, person, message, channel=place.channel, thread=thread)

    def _refresh(self, asked: Asked) -> None:
        if asked.home:
            self._errands.run("show a home anew", self._look_again(asked))

    async def _look_again(self, asked: Asked) -> None:
        await self._look(asked.install, asked.event.who)


async def _in_time(asked: Asked, coming: asyncio.Task[Answer]) -> bool:
    """Wait for the answer as long as Slack's patience allows. What comes later is still on its way."""
    left = asked.until - asyncio.get_running_loop().time()
    await asyncio.wait({coming}, timeout=max(left, 0.0))
    return coming.done()


def _words(said: Whisper | Problems) -> Message:
    """Say problems in a whisper, where there is no form to mark them in."""
    if isinstance(said, Whisper):
        return said.message
    return Message(*(Text(sentence) for _, sentence in said.sentences))


def apology(event: object) -> Answer:
    """Say that it went wrong, as the event can be answered."""
    match event:
        case Submitted():
            return Problems({"": SORRY})
        case Commanded() | Pressed():
            return Whisper(SORRY)
        case _:
            return None
