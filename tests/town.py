"""A small town for tests: five people, a channel, a clock that only the test moves, and the real Drumbeat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from adapters.playground.scene import Post
from adapters.playground.stage import OpenForm
from bot.chat import (
    Action,
    Answer,
    Button,
    Buttons,
    Chat,
    Event,
    Form,
    Looked,
    Menu,
    People,
    Person,
    Place,
    Pressed,
    Problems,
    Submitted,
    When,
    Whisper,
)
from bot.clock import MovedClock
from bot.config import Config
from bot.main import Drumbeat, assemble
from bot.plain import read_aloud
from bot.store import Table
from bot.tables import Act, Member
from tests.people import LOUNGE, PEOPLE, RIVER, START, stopped_clock
from tests.stages import PlaygroundStage, Stage

__all__ = ["LOUNGE", "PEOPLE", "RIVER", "START", "Town", "stopped_clock"]

BERLIN = ZoneInfo("Europe/Berlin")
# Columns that hold ids of the platform; scenes speak of the town's own names.
NAMES = ("person", "channel", "workspace")
# What people see where they type a name between colons.
REACTIONS = {"tada": "🎉", "+1": "👍", "heart": "❤️", "clap": "👏"}

# On Slack days and times are picked from a calendar; elsewhere they are typed.
where_moments_are_typed = pytest.mark.parametrize("platform", ["playground", "discord"])
# Discord tells nobody's time zone.
where_zones_are_known = pytest.mark.parametrize("platform", ["playground", "slack"])
# Slack and Discord offer no command that there is not.
where_anything_can_be_typed = pytest.mark.parametrize("platform", ["playground"])

Found = Callable[..., Awaitable["Town"]]


class Town:
    """Ana made the channel #river; Ben, Chi and Dee are in it; Eli is an outsider in the same workspace.

    It lies on a stage: the playground's room, or a stand-in of Slack or Discord that the real adapter talks to.
    """

    def __init__(
        self,
        database_url: str,
        *,
        at: datetime = START,
        config: Config | None = None,
        stage: Callable[[MovedClock], Stage] = PlaygroundStage,
    ) -> None:
        self.clock = stopped_clock(at)
        self.stage = stage(self.clock)
        self.room = self.stage.room
        for person in PEOPLE.values():
            self.room.add_person(person)
        self.room.add_channel(RIVER, "river", creator="ana")
        self.room.seat(RIVER, "ana", "ben", "chi", "dee")
        self.heard: list[Event] = []
        self._sent = 0
        self._stopped = False
        self._submits: dict[Action, str] = {}
        self._problems: Problems | None = None
        self.url = database_url
        self.config = config or Config(database_url=database_url)
        self.chats: dict[str, Chat] = {}
        self.drumbeat = self.assemble()

    def assemble(self) -> Drumbeat:
        """Put a Drumbeat together on this town's database and stage."""
        drumbeat = assemble(self.config, chats=self.chats, now=self.clock)
        self.drumbeat = drumbeat
        self.stage.prepare(drumbeat.commands, self.chats, self._hear)
        return drumbeat

    async def open(self) -> None:
        """Connect, where there is a line to connect."""
        await self.stage.connect(self._hear)

    async def stop(self) -> None:
        """Stop Drumbeat: until ``restart`` nobody hears what happens, and nothing is done."""
        await self.stage.disconnect()
        self._stopped = True

    async def restart(self) -> None:
        """Stop Drumbeat, and start it again on the same database."""
        await self.stop()
        self.drumbeat.close()
        self.assemble()
        await self.drumbeat.looks.begin()
        self._stopped = False
        await self.open()

    async def close(self) -> None:
        """Take everything down; a second time changes nothing."""
        await self.stage.close()
        self.drumbeat.close()

    async def _hear(self, event: Event) -> Answer:
        """Let Drumbeat hear what happens on the stage, and remember it for who asks."""
        self.heard.append(event)
        answer = await self.drumbeat.engine.hear(event)
        if isinstance(answer, Form):
            self._submits[answer.action] = answer.submit
        if isinstance(answer, Problems):
            self._problems = answer
        return answer

    def person(self, who: str, channel: str = RIVER) -> Person:
        """Somebody as the platform knows them, for events that a test makes up."""
        return self.stage.person(who, channel)

    def place(self, channel: str = RIVER, *, under: Post | None = None, who: str = "") -> Place:
        """A channel, a thread or (with channel '') an inbox as the platform names it."""
        return self.stage.place(channel, under=under, who=who)

    async def redeliver(self) -> Answer:
        """Let Drumbeat hear the last event a second time."""
        return await self.drumbeat.engine.hear(self.heard[-1])

    # ---------------------------------------------------------------------------------------- time

    async def settle(self) -> None:
        """Let everything come to rest: what is due is done, and what waits a few seconds is delivered."""
        if self._stopped:
            return
        due = await self.drumbeat.settle()
        while due.delivery is not None and due.delivery <= self.clock() + timedelta(seconds=30):
            self.clock.move_to(max(due.delivery, self.clock() + timedelta(milliseconds=1)))
            due = await self.drumbeat.settle()

    async def wait(self, span: timedelta | None = None, **parts: float) -> None:
        """Let time pass."""
        await self.wait_until(self.clock() + (span or timedelta(**parts)))

    async def wait_until(self, moment: datetime) -> None:
        """Let time pass until a moment, stopping wherever something is due."""
        if self._stopped:
            self.jump(moment)
            return
        await self.drumbeat.move_clock(self.clock, moment)
        await self.settle()

    def jump(self, moment: datetime) -> None:
        """Move the clock without ringing anything: Drumbeat was not running."""
        self.clock.move_to(moment)

    # ---------------------------------------------------------------------------------------- people act

    async def say(self, who: str, words: str, *, under: Post | None = None, channel: str = RIVER) -> None:
        await self.room.say(who, channel, words, thread=under.id if under else "")
        await self.settle()

    async def react(self, who: str, post: Post, emoji: str = "tada", *, on: bool = True) -> None:
        """Put a reaction on a post, called as one types it between colons, or take it back."""
        await self.room.react(who, post.id, REACTIONS.get(emoji, emoji), on=on)
        await self.settle()

    async def command(self, who: str, line: str, *, channel: str = RIVER) -> str:
        """Type a command; gives what the person sees then."""
        return await self._seen(who, await self.room.command(who, channel, line))

    async def press(self, who: str, label: str, *, on: Post | None = None, choice: str = "") -> str:
        """Tap the button with this label: on a post, or on the newest thing that this person sees and has it."""
        post, action = self._find(who, label, on)
        return await self._seen(who, await self.room.press(who, post.id, action, choice))

    async def fill(self, who: str, **answers: str | tuple[str, ...]) -> str:
        """Send the open form, the given fields filled in (``next_step`` for 'next-step') and the others as they are."""
        opened = self.form(who)
        written = self._written(opened, answers)
        for field in opened.form.fields:
            if isinstance(field, When):
                written[field.name] = self.stage.picked(field, str(written[field.name]), now=self.clock())
        answer = await self.room.fill(who, opened.id, written)
        return await self._seen(who, answer)

    async def send_past_the_form(self, who: str, **answers: str | tuple[str, ...]) -> Answer:
        """Send the open form with answers that its fields would not have let through."""
        opened = self.form(who)
        written = self._written(opened, answers)
        for field in opened.form.fields:
            if isinstance(field, People):
                written[field.name] = tuple(self.stage.native(person) for person in written[field.name])
        return await self.submit(who, opened.form.action, written, place=self.place(opened.place.channel, who=who))

    def _written(
        self, opened: OpenForm, answers: Mapping[str, str | tuple[str, ...]]
    ) -> dict[str, str | tuple[str, ...]]:
        written: dict[str, str | tuple[str, ...]] = {field.name: field.value for field in opened.form.fields}
        # Asked only where the platform does not tell, such as on Discord; everybody in town lives in Berlin.
        written |= {"zone": "Europe/Berlin"} if written.get("zone") == "" else {}
        return written | {name.replace("_", "-"): value for name, value in answers.items()}

    async def enter_call(self, who: str, room: str = LOUNGE) -> None:
        """Come into a call. The lounge is a room of that name, or on Slack the huddle of #river."""
        await self.room.enter_call(who, self.stage.call(room))
        await self.settle()

    async def leave_call(self, who: str, room: str = LOUNGE) -> None:
        """Hang up."""
        await self.room.leave_call(who, self.stage.call(room))
        await self.settle()

    async def look(self, who: str) -> str:
        """Open the page that the chat keeps for this person; gives what it shows."""
        self._sent += 1
        person = self.person(who)
        place = replace(self.place(), channel="", person=person.id)
        event = Looked(id=f"looked-{self._sent}", who=person, place=place, at=self.clock())
        return await self._seen(who, await self.drumbeat.engine.hear(event))

    async def press_kept(self, who: str, action: Action, *, choice: str = "", channel: str = RIVER) -> str:
        """Tap a button that somebody kept from an old message, or made up."""
        self._sent += 1
        event = Pressed(
            id=f"kept-{self._sent}",
            who=self.person(who),
            place=self.place(channel),
            at=self.clock(),
            action=action,
            choice=choice,
        )
        answer = await self.drumbeat.engine.hear(event)
        self.stage.show(who, event.place, answer)
        return await self._seen(who, answer)

    async def submit(
        self, who: str, action: Action, answers: Mapping[str, str | tuple[str, ...]], *, place: Place
    ) -> Answer:
        """Send answers for an action, whatever form there is or isn't."""
        self._sent += 1
        event = Submitted(
            id=f"sent-{self._sent}", who=self.person(who), place=place, at=self.clock(), action=action, answers=answers
        )
        answer = await self.drumbeat.engine.hear(event)
        await self.settle()
        return answer

    async def _seen(self, who: str, answer: Answer) -> str:
        await self.settle()
        if isinstance(answer, Form):
            # Discord words the button of a form by itself; the scenes speak of it as it is meant.
            answer = Form(
                answer.title, answer.action, *answer.fields, submit=self._submits.get(answer.action, answer.submit)
            )
        if isinstance(answer, Problems) and self._problems is not None:
            # Slack has no place for what is wrong with a form as a whole, and shows it below the first field.
            seen = read_aloud(answer)
            assert all(sentence in seen for _, sentence in self._problems.sentences)
            return read_aloud(self._problems)
        return "" if answer is None else read_aloud(answer.message if isinstance(answer, Whisper) else answer)

    def _find(self, who: str, label: str, on: Post | None) -> tuple[Post, Action]:
        inbox = sorted((*self.room.inbox(who), *self._channel_posts(who)), key=lambda post: post.number)
        seen = [on] if on is not None else [*inbox, *self.room.whispers(who)]
        for post in reversed(seen):
            for part in post.view.parts if post.view is not None else ():
                if isinstance(part, Buttons):
                    for button in part.row:
                        if isinstance(button, Button) and button.label == label:
                            return post, button.action
                if isinstance(part, Menu) and part.label == label:
                    return post, part.action
        msg = f"{who} sees no {label!r} on: {[post.text for post in seen]}"
        raise AssertionError(msg)

    def _channel_posts(self, who: str) -> list[Post]:
        return [
            post
            for channel in self.room.channels
            if who in channel.people
            for root in self.room.channel_messages(channel.id)
            for post in (root, *self.room.thread(root.id))
        ]

    # ---------------------------------------------------------------------------------------- what people see

    def channel(self, channel: str = RIVER) -> list[str]:
        """Everything in a channel, as plain words."""
        return [post.text for post in self.room.channel_messages(channel)]

    def post(self, beginning: str, *, channel: str = RIVER) -> Post:
        """The newest post in the channel that begins so."""
        return next(post for post in reversed(self.room.channel_messages(channel)) if post.text.startswith(beginning))

    def thread(self, root: Post) -> list[str]:
        """What stands under a post."""
        return [post.text for post in self.room.thread(root.id)]

    def inbox(self, who: str) -> list[str]:
        """A person's private messages."""
        return [post.text for post in self.room.inbox(who)]

    def whisper(self, who: str) -> str:
        """What a person was last told alone."""
        return self.room.whispers(who)[-1].text

    def all_words(self) -> str:
        """Everything that anybody can read anywhere: channels, threads, inboxes, whispers."""
        whispers = [post for person in self.room.people for post in self.room.whispers(person.id)]
        return "\n".join(post.text for post in (*self.room.posts, *whispers))

    def rows(self, table: type[Table]) -> list[dict[str, object]]:
        """Everything that the database holds in a table, for what no screen shows."""
        columns = table.__table__.columns
        with self.drumbeat.database.reading() as db:
            rows = db.execute(select(*columns).order_by(*table.__table__.primary_key)).mappings().all()
        return [
            {name: self.stage.named(value) if name in NAMES and value else value for name, value in row.items()}
            for row in rows
        ]

    def acts(self, *kinds: str) -> list[tuple[str, str]]:
        """The ledger as (person, kind), in the order of writing; all kinds, or only some."""
        with self.drumbeat.database.reading() as db:
            rows = db.execute(select(Member.person, Act.kind).join(Member, Member.id == Act.member_id).order_by(Act.id))
            return [(self.stage.named(person), kind) for person, kind in rows if not kinds or kind in kinds]

    def set_choices(self) -> list[str]:
        """The values of the menu that changes a set of questions, as it was last shown to an organizer."""
        shown = next(post.view for post in reversed(self.room.whispers("ana")) if "What the check-in asks" in post.text)
        assert shown is not None
        return [option.value for part in shown.parts if isinstance(part, Menu) for option in part.options]

    def set_member(self, who: str, **values: object) -> None:
        """Change what is kept about a member, where no screen changes it yet."""
        with self.drumbeat.database.transaction() as db:
            for member in db.scalars(select(Member).where(Member.person == self.stage.native(who))):
                for name, value in values.items():
                    setattr(member, name, value)

    def form(self, who: str) -> OpenForm:
        """The form that a person has open."""
        opened = self.room.form(who)
        assert opened is not None, f"{who} has no form open"
        return opened

    # ---------------------------------------------------------------------------------------- beginnings

    async def start_movement(self, *, who: str = "ana", channel: str = RIVER, name: str = "Clean River") -> str:
        """Start a movement in a channel."""
        await self.command(who, "/drumbeat", channel=channel)
        said = await self.fill(who, name=name, next_step="Bring one friend")
        await self.settle()
        return said

    async def bring(self, *people: Person, channel: str = RIVER) -> None:
        """Let more people come into a channel."""
        for person in people:
            self.room.add_person(person)
            await self.room.join(person.id, channel)
        await self.settle()

    async def open_check_in(self) -> Post:
        """Start the movement if there is none, and wait for the next check-in."""
        if not self.channel():
            await self.start_movement()
        local = self.clock().astimezone(BERLIN)
        days = (7 - local.weekday()) % 7 or 7
        monday = (local + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
        await self.wait_until(monday.astimezone(UTC))
        return self.board()

    def board(self, *, channel: str = RIVER) -> Post:
        """The newest check-in in the channel."""
        return self.post("Check-in, ", channel=channel)
