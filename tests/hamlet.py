"""A hamlet: the town's people in a movement whose only ritual is a notice board, to test the engine beneath rituals.

Every part of Drumbeat is the real one; only the rituals are made up, each handler as small as what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from adapters.playground import Room
from bot.bell import Bell
from bot.chat import Answer, Button, Buttons, Chat, Form, Message, Text, Whisper, Words
from bot.clock import MovedClock
from bot.courier import Courier
from bot.engine import Engine
from bot.looks import Looks
from bot.people import find_member, welcome
from bot.ritual import Ritual, Rituals
from bot.roll import Roll
from bot.store import Database, Table
from bot.tables import Member, Movement
from bot.turn import Turn
from tests.people import PEOPLE, RIVER, START, stopped_clock

# A ritual that shows what it is told to: '/post lost A glove'.
notices = Ritual("notices", "Notices.")


@notices.command("post", "Show a notice")
def post(turn: Turn) -> Answer:
    key, _, words = turn.words.partition(" ")
    turn.show(key, Message(words))
    return None


@notices.command("reply", "Show a notice under another")
def reply(turn: Turn) -> Answer:
    key, under, words = turn.words.split(" ", 2)
    turn.show(key, Message(words), under=under)
    return None


@notices.command("tell", "Write to somebody in private")
def tell(turn: Turn) -> Answer:
    person, key, words = turn.words.split(" ", 2)
    member = find_member(turn.db, turn.movement, person)
    assert member is not None
    turn.dm(member, key, Message(words))
    return None


@notices.command("untell", "Take a private message back")
def untell(turn: Turn) -> Answer:
    turn.withdraw(turn.words)
    turn.dm(turn.who, turn.words, Message("Never mind."))
    return Whisper("Taken back.")


@notices.command("later", "Show a notice in some hours", only="organizer")
def later(turn: Turn) -> Answer:
    hours, words = turn.words.split(" ", 1)
    turn.later(timedelta(hours=float(hours)), "show", words)
    return None


@notices.timer("show")
def show(turn: Turn) -> None:
    turn.show(turn.about, Message(turn.about))


@notices.command("hello", "Be greeted")
def hello(turn: Turn) -> Answer:
    return Whisper(Text("Hello, ", turn.who.name), Buttons(Button("Write", turn.action("write"))))


@notices.press("write")
def write(turn: Turn) -> Answer:
    return Form("Write", turn.action("write"), Words(name="words", label="What?", long=True))


@notices.submit("write")
def written(turn: Turn) -> Answer:
    turn.show("written", Message(turn.answers.words("words", most=300)))
    return Whisper("Kept.")


@notices.reaction
def note_reaction(turn: Turn) -> None:
    """Say how somebody reacted last to a notice, under it; in the channel if it stands in a thread itself."""
    assert turn.post is not None
    notice = turn.post.key.removeprefix("notices:")
    how = "put" if turn.on else "took back"
    under = notice if turn.post.root_id is None else ""
    turn.show(f"{notice} {turn.who.name}", Message(f"{turn.who.name} {how} {turn.emoji}"), under=under)


class Hamlet:
    """Ana founded the movement of #river, Ben organizes, Chi and Dee are members; Eli is an outsider."""

    def __init__(
        self,
        database_url: str,
        *rituals: Ritual,
        at: datetime = START,
        room: type[Room] = Room,
        journal: Path | None = None,
        beside: Hamlet | None = None,
    ) -> None:
        """Settle on a database: in a room of its own, or as a second process ``beside`` another."""
        self.clock: MovedClock = beside.clock if beside else stopped_clock(at)
        self.room: Room = beside.room if beside else room(now=self.clock, journal=journal)
        for person in PEOPLE.values():
            self.room.add_person(person)
        self.room.add_channel(RIVER, "river", creator="ana")
        self.room.seat(RIVER, "ben", "chi", "dee")
        self.url = database_url
        self.rituals = Rituals({ritual.name: ritual for ritual in (rituals or (notices,))})
        self.wake()

    def wake(self, chats: Mapping[str, Chat] | None = None) -> None:
        """Put the parts together, as after a start."""
        self.database = Database(self.url)
        self.engine = Engine(self.database, self.rituals, now=self.clock)
        self.bell = Bell(self.database, self.rituals, now=self.clock)
        self.courier = Courier(self.database, chats or {"playground": self.room}, now=self.clock)
        self.roll = Roll(self.database, chats or {"playground": self.room}, now=self.clock)
        self.looks = Looks(self.database, chats or {"playground": self.room}, now=self.clock)
        self.engine.on_wishes = self.bell.on_wishes = self.roll.on_wishes = self.courier.poke
        self.room.listen(self.engine.hear)

    def close(self) -> None:
        self.database.close()

    def found(self, channel: str = RIVER, *, people: Sequence[str] = ("ana", "ben", "chi", "dee"), **told: Any) -> int:  # noqa: ANN401 - any column
        """Found a movement in a channel, the first of the people its founder, the second an organizer."""
        place = self.room.channel(channel)
        at = self.clock()
        facts = {"name": "Clean River", "quiet_hours": "none", "zone": "Europe/Berlin", **told}
        with self.database.transaction() as db:
            movement = Movement(
                platform="playground",
                workspace=place.workspace,
                channel=channel,
                started_at=at,
                roll_due_at=at + timedelta(days=1),
                **facts,
            )
            db.add(movement)
            db.flush()
            for person, role in zip(people, ["founder", "organizer", *["member"] * len(people)], strict=False):
                welcome(db, movement, self.room.person(person), now=at).role = role
            return movement.id

    # ---------------------------------------------------------------------------------------- time and acts

    async def settle(self, *, within: float = 60) -> None:
        """Ring and deliver until nothing is due, moving the clock by less than a minute."""
        while True:
            while await self.bell.do_due() + await self.courier.deliver():
                pass
            wake = await self.courier.next_wake()
            if wake is None or wake > self.clock() + timedelta(seconds=within):
                return
            self.clock.move_to(max(wake, self.clock()))

    def pass_time(self, **span: float) -> None:
        """Move the clock; nothing is rung or delivered by that alone."""
        self.clock.move_to(self.clock() + timedelta(**span))

    async def command(self, who: str, line: str, *, channel: str = RIVER) -> Answer:
        """Type a command; what comes of it is not delivered yet."""
        return await self.room.command(who, channel, line)

    # ---------------------------------------------------------------------------------------- looking

    def channel(self, channel: str = RIVER) -> list[str]:
        return [post.text for post in self.room.channel_messages(channel)]

    def rows(self, table: type[Table]) -> list[dict[str, Any]]:
        """Everything in a table, as it is stored."""
        with self.database.reading() as db:
            columns = table.__table__.columns
            order = [column for column in columns if column.primary_key]
            return [dict(row) for row in db.execute(select(*columns).order_by(*order)).mappings()]

    def member_named(self, person: str) -> dict[str, Any]:
        return next(row for row in self.rows(Member) if row["person"] == person)
