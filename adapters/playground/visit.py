"""One browser at the playground: what people do in it comes in, and what changes in the room goes out."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from adapters.playground.clock import LEAPS
from adapters.playground.refusals import Answers, RoomError, refuse
from adapters.playground.room import Room
from adapters.playground.stage import Change
from adapters.playground.telling import tell_all, tell_changes, tell_form
from bot.chat import Action, Answer, Form, Problems, ViewError
from bot.wire import Json

if TYPE_CHECKING:
    from adapters.playground.server import Playground

PAUSE = 0.05
WAITING_LIMIT = 64
log = logging.getLogger(__name__)


class Visit:
    """A websocket with the page on the other end."""

    def __init__(self, host: Playground, socket: web.WebSocketResponse) -> None:
        self._host = host
        self._room: Room = host.room
        self._socket = socket
        self._changes: dict[Change, None] = {}
        self._changed = asyncio.Event()
        self._acts: set[asyncio.Task[None]] = set()

    def note(self, change: Change) -> None:
        """Remember that something changed; it is told within a moment."""
        self._changes[change] = None
        self._changed.set()

    async def last(self) -> None:
        """Tell the room and then every change, and let people act, until the browser leaves."""
        stop = self._room.on_change(self.note)
        everything = {**tell_all(self._room), "commands": self._host.tell_commands(), "clock": self._host.tell_clock()}
        pushing = asyncio.create_task(self._push(everything))
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
                elif message.type is WSMsgType.BINARY:
                    self._start(self._reply(None, error="The playground reads text, not bytes."))
        finally:
            stop()
            pushing.cancel()
            await asyncio.gather(pushing, *self._acts, return_exceptions=True)

    async def _push(self, everything: Json) -> None:
        await self._socket.send_json(everything)
        while True:
            await self._changed.wait()
            await asyncio.sleep(PAUSE)  # whatever else changes meanwhile goes along
            self._changed.clear()
            changes, self._changes = self._changes, {}
            told = tell_changes(self._room, changes)
            await self._socket.send_json({**told, "clock": self._host.tell_clock()})

    def _take(self, line: str) -> None:
        try:
            act = json.loads(line)
        except (ValueError, RecursionError):
            act = None
        if not isinstance(act, dict):
            self._start(self._reply(None, error="The playground reads JSON objects."))
        elif len(self._acts) >= WAITING_LIMIT:
            self._start(self._reply(act, error="That was too much at once. Wait a moment."))
        else:
            self._start(self._answer(act))

    def _start(self, doing: Awaitable[None]) -> None:
        task = asyncio.ensure_future(doing)
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _answer(self, act: Json) -> None:
        try:
            form = await self._do(act)
        except RoomError as error:
            await self._reply(act, error=error.why, field=error.field)
        except Exception:
            # Whatever broke, the others in the room go on; the person is told, the log says what it was.
            log.exception("an act in the playground failed")
            await self._reply(act, error="Something went wrong. What exactly stands in Drumbeat's log.")
        else:
            await self._reply(act, form=form)

    async def _reply(self, act: Json | None, **told: object) -> None:
        number = None if act is None else act.get("id")
        if not self._socket.closed:
            await self._socket.send_json({"is": "reply", "id": number if isinstance(number, int) else None, **told})

    async def _do(self, act: Json) -> Json | None:
        acts: dict[str, Callable[[Json, str], Awaitable[Answer]]] = {
            "say": self._say,
            "command": self._command,
            "press": self._press,
            "fill": self._fill,
            "close": self._close,
            "dismiss": self._dismiss,
            "react": self._react,
            "join": lambda act, who: self._room.join(who, _words(act, "channel")),
            "leave": lambda act, who: self._room.leave(who, _words(act, "channel")),
            "enter call": lambda act, who: self._room.enter_call(who, _words(act, "room")),
            "leave call": lambda act, who: self._room.leave_call(who, _words(act, "room")),
        }
        what = _words(act, "do")
        if what == "move":
            to = next((one for one in LEAPS if one == _words(act, "to")), None)
            if to is None:
                raise RoomError("The clock moves to the next hour, day or monday.")
            await self._host.move_clock(to)
            return None
        refuse(what not in acts, f"Nobody can do {what[:40]!r} here.")
        who = _words(act, "who")
        answer = await acts[what](act, who)
        opened = self._room.form(who)
        return tell_form(self._room, opened) if opened is not None and isinstance(answer, Form | Problems) else None

    async def _say(self, act: Json, who: str) -> Answer:
        return await self._room.say(who, _words(act, "channel"), _words(act, "words"), thread=_words(act, "thread"))

    async def _command(self, act: Json, who: str) -> Answer:
        # An unknown command goes on to Drumbeat, which knows the nearest one.
        line, thread = _words(act, "words"), _words(act, "thread")
        return await self._room.command(who, _words(act, "channel"), line, thread=thread)

    async def _press(self, act: Json, who: str) -> Answer:
        try:
            action = Action.decode(_words(act, "action"))
        except ViewError as error:
            raise RoomError("That is no button.") from error
        return await self._room.press(who, _words(act, "message"), action, _words(act, "choice"))

    async def _fill(self, act: Json, who: str) -> Answer:
        return await self._room.fill(who, _words(act, "form"), _answers(act.get("answers")))

    async def _close(self, act: Json, who: str) -> Answer:
        self._room.close_form(who, _words(act, "form"))
        return None

    async def _dismiss(self, act: Json, who: str) -> Answer:
        self._room.dismiss(who, _words(act, "message"))
        return None

    async def _react(self, act: Json, who: str) -> Answer:
        return await self._room.react(who, _words(act, "message"), _words(act, "emoji"), on=act.get("on") is not False)


def _words(act: Json, name: str) -> str:
    """Read one thing that the page says; what it leaves out is empty."""
    words = act.get(name, "")
    if not isinstance(words, str):
        raise RoomError(f"{name!r} must be words.")
    # Half of a surrogate pair is no character; JSON can carry it, nothing else in Drumbeat can.
    refuse(
        not words.isascii() and any("\ud800" <= char <= "\udfff" for char in words), f"{name!r} has a broken character."
    )
    return words


def _answers(answers: object) -> Answers:
    if not isinstance(answers, dict):
        raise RoomError("'answers' must be an object.")
    return {name: _one_or_many(answers, name) for name in answers}


def _one_or_many(answers: Json, name: str) -> str | tuple[str, ...]:
    answer = answers[name]
    if not isinstance(answer, Sequence) or isinstance(answer, str):
        return _words(answers, name)
    return tuple(_words({name: one}, name) for one in answer)
