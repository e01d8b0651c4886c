"""A chat without any company behind it: people who act, and Drumbeat who posts, in one process.

It is the demo, and what every ritual's test drives; so it refuses what Slack or Discord would refuse.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypedDict
from uuid import uuid4

from adapters.playground.delivery import Delivery
from adapters.playground.refusals import Answers, RoomError, check_answers, check_press, check_said, refuse
from adapters.playground.scene import PLATFORM, Post
from adapters.playground.stage import Change, OpenForm
from bot.chat import (
    Action,
    Answer,
    Commanded,
    Event,
    Form,
    Hear,
    Joined,
    Left,
    Message,
    Person,
    Place,
    Present,
    Pressed,
    Problems,
    Reacted,
    Said,
    Submitted,
    Text,
    Whisper,
)

EVENTS_KEPT = 50
CALL_NAME_MOST = 80


class _Happening(TypedDict):
    id: str
    who: Person
    place: Place
    at: datetime


class Room(Delivery):
    """The playground's chat, with everything that people do in it."""

    platform = PLATFORM

    def __init__(self, *, now: Callable[[], datetime], journal: Path | None = None) -> None:
        super().__init__(now=now, journal=journal)
        self.events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self._hear: Hear | None = None
        self._opened = 0

    # ------------------------------------------------------------------------------------------- Drumbeat's side

    def listen(self, hear: Hear) -> None:
        """Pass on what happens from now on."""
        self._hear = hear

    async def run(self, hear: Hear) -> None:
        """Pass on what happens until cancelled."""
        self.listen(hear)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self._hear = None

    # ------------------------------------------------------------------------------------------- people's side

    async def join(self, person: str, channel: str) -> Answer:
        """Come into a channel."""
        if person in self.channel(channel).people:
            return None
        self.seat(channel, person)
        return await self._send(Joined(**self._happening(person, self._place(channel))), person)

    async def leave(self, person: str, channel: str) -> Answer:
        """Leave a channel, and the call in it."""
        self._check_inside(person, channel)
        if person in self.voice.get(channel, ()):
            await self.leave_call(person, channel)
        happening = self._happening(person, self._place(channel))
        self._happen({"is": "left", "person": person, "channel": channel}, Change("scene"))
        return await self._send(Left(**happening), person)

    async def say(self, person: str, channel: str, words: str, thread: str = "", *, workspace: str = "") -> Answer:
        """Write in a channel, in a thread of it, or with channel '' to Drumbeat in private."""
        check_said(words)
        place = self._stand(person, channel, thread=thread, workspace=workspace)
        message_id = self._put(place, person, words=words)
        return await self._send(Said(**self._happening(person, place), words=words, message=message_id), person)

    async def command(self, person: str, channel: str, line: str, thread: str = "", *, workspace: str = "") -> Answer:
        """Type '/name words' in a channel, or with channel '' in the inbox."""
        refuse(bool(thread), "Commands don't work in a thread. Type it in the channel.")
        check_said(line)
        name, _, words = line.strip().removeprefix("/").partition(" ")
        refuse(not line.startswith("/") or not name.strip(), "A command looks like /name and then words.")
        place = self._stand(person, channel, workspace=workspace)
        event = Commanded(**self._happening(person, place), name=name.lower(), words=words.strip())
        return await self._ask(event, person)

    async def press(self, person: str, message_id: str, action: Action, choice: str = "") -> Answer:
        """Tap a button, or pick a choice in a menu, in a post or a whisper."""
        post = self._visible(person, message_id)
        if post.view is None:
            raise RoomError("People's own words have no buttons.")
        check_press(post.view, action, choice)
        on_post = "" if post in self.whispers(person) else post.id
        event = Pressed(**self._happening(person, post.place), action=action, choice=choice, message=on_post)
        return await self._ask(event, person)

    async def fill(self, person: str, form_id: str, answers: Answers) -> Answer:
        """Send the form that the person has open."""
        opened = self._forms.get(person)
        if opened is None or opened.id != form_id:
            raise RoomError("That form is closed. Open it again.")
        complete = check_answers(opened.form, answers, people=self.people_of(opened.place))
        self._forms[person] = replace(opened, typed=complete, problems=())
        event = Submitted(**self._happening(person, opened.place), action=opened.form.action, answers=complete)
        return await self._ask(event, person, form_id=form_id)

    def close_form(self, person: str, form_id: str) -> None:
        """Put a form away unsent."""
        opened = self._forms.get(person)
        if opened is not None and opened.id == form_id:
            del self._forms[person]
            self._tell(Change("form", person=person))

    def dismiss(self, person: str, whisper_id: str) -> None:
        """Put a whisper away."""
        told = self._whispers.get(person, [])
        refuse(all(whisper.id != whisper_id for whisper in told), "That is gone already.")
        self._whispers[person] = [whisper for whisper in told if whisper.id != whisper_id]
        self._tell(Change("dismissed", whisper_id, person))

    async def react(self, person: str, message_id: str, emoji: str, *, on: bool = True) -> Answer:
        """Put a reaction under a post, or take it back."""
        post = self._visible(person, message_id)
        refuse(post in self.whispers(person), "A whisper takes no reactions.")
        refuse(not emoji.strip() or len(emoji) > 16, "That is no reaction.")  # noqa: PLR2004 - the longest emoji
        there = person in post.reactions.get(emoji, ())
        refuse(there == on, "You reacted with that already." if on else "You didn't react with that.")
        self._happen(
            {"is": "reacted", "id": post.id, "person": person, "emoji": emoji, "on": on}, Change("post", post.id)
        )
        event = Reacted(**self._happening(person, post.place), message=post.id, emoji=emoji, on=on)
        return await self._send(event, person)

    async def enter_call(self, person: str, room: str) -> Answer:
        """Come into a call: a channel's own, or one with any other name."""
        well_named = 1 <= len(room) <= CALL_NAME_MOST and room == " ".join(room.split())
        refuse(not well_named, f"Give the call a name, in at most {CALL_NAME_MOST} letters.")
        busy = next((call for call, people in self.voice.items() if person in people), "")
        refuse(bool(busy), f"{self.person(person).name} is in the call {busy!r} already.")
        return await self._move(person, room, here=True)

    async def leave_call(self, person: str, room: str) -> Answer:
        """Hang up."""
        refuse(person not in self.voice.get(room, ()), f"{self.person(person).name} is not in the call {room!r}.")
        return await self._move(person, room, here=False)

    async def redeliver(self, event: Event) -> Answer:
        """Deliver an event a second time, as a platform does when it saw no answer."""
        return await self._send(event, event.who.id)

    # ------------------------------------------------------------------------------------------- on the way

    async def _move(self, person: str, room: str, *, here: bool) -> Answer:
        place = self._stand(person, room) if room in self._scene.channels else self._inbox_place(person)
        place = replace(place, person="")
        self._happen({"is": "call", "room": room, "person": person, "here": here}, Change("calls"))
        told = Present(**self._happening(person, place), room=room, here=here, name=self._name_call(room))
        return await self._send(told, person)

    async def _ask(self, event: Event, person: str, *, form_id: str = "") -> Answer:
        refuse(self._hear is None, "Drumbeat isn't listening right now. Try again in a moment.")
        return await self._send(event, person, form_id=form_id)

    async def _send(self, event: Event, person: str, *, form_id: str = "") -> Answer:
        if event.who.bot and isinstance(event, Said | Reacted):
            return None  # as on Slack and Discord: what programs write is none of our business
        self.events.append(event)
        if self._hear is None:
            return None
        answer = await self._hear(event)
        self._keep(person, event.place, answer, form_id)
        return answer

    def _keep(self, person: str, place: Place, answer: Answer, form_id: str) -> None:
        if not place.channel:  # a call that is no channel's has no place to show anything in but the person's inbox
            place = replace(place, person=person)
        opened = self._forms.get(person)
        if opened is not None and opened.id == form_id:
            if isinstance(answer, Problems):
                self._forms[person] = replace(opened, problems=answer.sentences)
                self._tell(Change("form", person=person))
                return
            self.close_form(person, form_id)
        match answer:
            case Form():
                self._opened += 1
                self._forms[person] = OpenForm(f"f{self._opened}", answer, place)
                self._tell(Change("form", person=person))
            case Whisper(message=message):
                self._whisper(person, place, message)
            case Problems(sentences=sentences):
                self._whisper(person, place, Message(*(Text(sentence) for _, sentence in sentences)))
            case None:
                pass

    def _happening(self, person: str, place: Place) -> _Happening:
        channel = self.channel(place.channel) if place.channel else None
        return {"id": uuid4().hex, "who": self._seen_in(channel, person), "place": place, "at": self._now()}

    def _place(self, channel: str, thread: str = "") -> Place:
        return Place(PLATFORM, self.channel(channel).workspace, channel, thread)

    def _stand(self, person: str, channel: str, *, thread: str = "", workspace: str = "") -> Place:
        """Find the place where a person acts; refuse when they cannot be there."""
        if not channel:
            return self._inbox_place(person, workspace)
        self._check_inside(person, channel)
        if thread:
            root = self.message(thread)
            gone = root is None or root.place.channel != channel or bool(root.thread)
            refuse(gone, "There is no such thread here.")
        return self._place(channel, thread)

    def _check_inside(self, person: str, channel: str) -> None:
        there = self.person(person).id in self.channel(channel).people
        refuse(not there, f"{self.person(person).name} is not in #{self.channel(channel).name}.")

    def _visible(self, person: str, message_id: str) -> Post:
        self.person(person)
        whisper = next((one for one in self.whispers(person) if one.id == message_id), None)
        post = whisper or self.message(message_id)
        if post is None:
            raise RoomError("That message is gone.")
        if post.place.channel:
            self._check_inside(person, post.place.channel)
        else:
            refuse(post.place.person != person, "That message is somebody else's.")
        return post

    def people_of(self, place: Place) -> tuple[str, ...]:
        if place.channel:
            return self.channel(place.channel).people
        near = [channel for channel in self.channels if channel.workspace == place.workspace]
        return tuple(dict.fromkeys(person for channel in near for person in channel.people))
