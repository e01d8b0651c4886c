"""A movement of twelve people and the three months it has lived: made by people acting, as any history is."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.playground.room import Room
from adapters.playground.sample_deeds import (
    RETRO_WEEK,
    hold_retro,
    keep_promises,
    make_promises,
    open_retro,
    tell_wins,
)
from adapters.playground.sample_gatherings import FIRST_WEEK, Walks
from adapters.playground.scene import Post
from bot.chat import Action, Button, Buttons, Choice, Form, Person

HOME: Final = "river"
ZONE: Final = "Europe/Berlin"
WEEKS: Final = 13

MoveTo = Callable[[datetime], Awaitable[None]]
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody takes part: how often they answer, and how often by a reply instead of the form."""

    answers: float
    replies: float = 0.0
    does: float = 0.0
    since: int = 0
    away: range = range(0)


PEOPLE: Final = {
    "ana": ("Ana", ZONE, Habit(0.95, does=0.7)),
    "ben": ("Ben", ZONE, Habit(0.9, does=0.6)),
    "chi": ("Chi", ZONE, Habit(0.85, replies=0.2, does=0.4)),
    "dee": ("Dee", ZONE, Habit(0.0)),
    "fay": ("Fay", ZONE, Habit(0.7, does=0.4)),
    "gus": ("Gus", ZONE, Habit(0.6, replies=0.6, does=0.3)),
    "hal": ("Hal", ZONE, Habit(0.3, does=0.1)),
    "ida": ("Ida", "Europe/Lisbon", Habit(0.8, does=0.4, away=range(5, 8))),
    "jon": ("Jon", ZONE, Habit(0.35, replies=0.5)),
    "kim": ("Kim", ZONE, Habit(0.75, does=0.5, since=4)),
    "lea": ("Lea", "America/New_York", Habit(0.6, replies=0.3, does=0.2, since=7)),
    "max": ("Max", ZONE, Habit(0.2, since=2)),
}
OUTSIDER: Final = Person("eli", "Eli", ZONE)

_ANSWERS: Final = {
    "What did you move forward?": (
        "Walked the east bank and marked the three worst spots on the map",
        "Wrote to the harbour office; they want to see us",
        "Found two people with a van for the bulky things",
        "Printed the little cards and left some at the library",
        "Nothing this week, work was too much",
        "Asked at the school whether a class would join us",
        "Sorted the gloves and bags, we have enough for thirty",
        "Talked to my neighbours, one of them comes on Saturday",
    ),
    "What will you do next?": (
        "Call the harbour office on Thursday",
        "Bring my sister to the next walk",
        "Put the photos on the wall in the library",
        "Ask the bakery for a small breakfast",
        "Write down how we borrow the van",
        "Rest, and be there on Saturday",
    ),
    "Where do you need a hand?": (
        "Somebody who can drive on Saturday morning",
        "A second pair of eyes on the letter",
        "",
        "",
        "With the heavy things near the bridge",
        "",
    ),
    "What made it so?": (
        "Meeting the anglers; they want to help",
        "Too much rain",
        "Four new faces on Saturday",
        "I was ill",
        "It was good to see the map filling up",
    ),
    "What should we do less of?": ("Long evening calls", "", "Planning before trying", "", "Messages late at night"),
    "Who did you talk to about our cause?": (
        "My colleague who rows",
        "The woman who runs the kiosk by the lock",
        "Two people at the bus stop",
        "Nobody this week",
        "My daughter's teacher",
    ),
    "What did you hear?": (
        "She would come if it were on a Sunday",
        "They think the city should do it",
        "That there used to be a beach here",
        "He wants to know what happens to the rubbish afterwards",
        "",
    ),
}
_REPLIES: Final = (
    "Busy week, but I put up the two posters at work.",
    "Walked the path with the dog and a bag. One bag full.",
    "Not much from me. See you on Saturday!",
    "Talked to the rowing club, they have a trailer we may use.",
    "I can drive on Saturday.",
)
_DEEDS: Final = (
    "Filled two bags between the bridge and the lock",
    "Put up ten posters",
    "Mended the map",
    "Lent my trailer",
    "Made soup for the walk",
    "Phoned six people",
)
_CHATTER: Final = (
    ("chi", "Saturday looks dry. Who brings the big bags?"),
    ("gus", "I have four of them in the car."),
    ("fay", "Photos from the weekend are on the wall in the library."),
    ("kim", "The kiosk by the lock lets us keep the tools there."),
    ("ben", "The harbour office answered: they come to look at the east bank."),
    ("ida", "The anglers' club asks when the next walk is."),
    ("lea", "I am far away but I can write the letter in English."),
    ("jon", "Found a bicycle in the reeds. Again."),
)


def gather_people(room: Room) -> None:
    """Put twelve people into a channel of their own, and one outsider beside it."""
    for person, (name, zone, _) in PEOPLE.items():
        room.add_person(Person(person, name, zone))
    room.add_person(OUTSIDER)
    room.add_channel(HOME, HOME, creator="ana")
    room.add_channel("plaza", "plaza", creator=OUTSIDER.id)
    room.seat(HOME, *(person for person, (_, _, habit) in PEOPLE.items() if not habit.since))
    room.seat("plaza", *PEOPLE)


async def live_through(room: Room, move_to: MoveTo, *, start: datetime, report: Report) -> None:
    """Let the three months happen, week by week; ``move_to`` lets time pass."""
    history = _History(room, move_to, start)
    await history.begin()
    for week in range(WEEKS):
        report(f"          week {week + 1} of {WEEKS}")
        await history.live_week(week)
    await history.begin_last_week()


class _History:
    def __init__(self, room: Room, move_to: MoveTo, start: datetime) -> None:
        self._room = room
        self._move_to = move_to
        self._start = start
        self._now = start
        self._walks = Walks(room, HOME)
        # The same history every time: a sample is to be looked at, not to surprise.
        self._chance = random.Random(13)  # noqa: S311

    async def _at(self, *, week: int, day: int, hour: float) -> None:
        """Let time pass until an hour of a day (Monday is 0) of a week, on the movement's clocks."""
        # The start is a Friday; the first Monday comes three days later.
        midnight = self._start.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        wall = midnight + timedelta(weeks=week, days=3 + day, hours=hour)
        self._now = wall.replace(tzinfo=self._start.tzinfo).astimezone(UTC)
        await self._move_to(self._now)

    async def _rest(self) -> None:
        """Let five minutes pass."""
        self._now += timedelta(minutes=5)
        await self._move_to(self._now)

    async def begin(self) -> None:
        """Ana starts the movement on a Friday, and says what it is for."""
        room = self._room
        gathering = (self._start + timedelta(days=8)).replace(hour=10, minute=0)
        await room.command("ana", HOME, "/drumbeat")
        await self._fill(
            "ana",
            {
                "name": "Clean River",
                "next-step": "Bring one friend to the walk on Saturday",
                "gathering": gathering.strftime("%Y-%m-%d %H:%M"),
            },
        )
        # The people of the channel become members a moment later.
        await self._move_to(self._start + timedelta(minutes=1))
        await room.command("ana", HOME, "/drumbeat")
        await self._tap_whisper("ana", "Mission")
        await self._fill("ana", {"mission": "We clean our river together until it can be swum in again."})
        await self._tap_whisper("ana", "Story")
        await self._fill(
            "ana",
            {
                "problem": "Our river is full of rubbish, and everybody thinks somebody else is in charge.",
                "future": "In three summers children swim at the old beach again.",
                "part": "One walk a month, one bag, one friend.",
            },
        )
        await self._tap_whisper("ana", "Organizers")
        await self._fill("ana", {"people": ("ben",)})

    async def live_week(self, week: int) -> None:
        """A week: the check-in, talk, answers, sometimes a break or a newcomer."""
        await self._come_and_go(week)
        await self._at(week=week, day=0, hour=10)
        if week == FIRST_WEEK:
            await self._walks.announce()
        await self._answer_all(week, early=True)
        await self._chat(week)
        await make_promises(self._room, HOME, week)
        await self._at(week=week, day=1, hour=18)
        await self._answer_all(week, early=False)
        await tell_wins(self._room, HOME, week, rest=self._rest)
        if week == RETRO_WEEK:
            await open_retro(self._room, HOME, rest=self._rest)
        if week == WEEKS // 2:
            await self._room.command("ana", HOME, "/drumbeat")
            await self._tap_whisper("ana", "Mission")
            words = "We clean our river together, and show others how, until it can be swum in again."
            await self._fill("ana", {"mission": words})
        await self._walks.answer(self._there(week))
        await self._at(week=week, day=4, hour=17)
        await keep_promises(self._room, HOME, week)
        if week == RETRO_WEEK:
            await hold_retro(self._room, HOME, rest=self._rest)
        if self._chance.random() < 0.4:  # noqa: PLR2004 - now and then
            await self._answer("hal")
        await self._at(week=week, day=5, hour=10.1)
        await self._walks.hold(week, self._there(week))
        await self._at(week=week, day=5, hour=12.5)
        await self._walks.call_roll(week, {person: name for person, (name, _, _) in PEOPLE.items()})

    async def _come_and_go(self, week: int) -> None:
        for person, (_, _, habit) in PEOPLE.items():
            if habit.since == week and week:
                await self._room.join(person, HOME)
            if habit.away and habit.away.start == week:
                back = self._start + timedelta(days=3, weeks=len(habit.away) + week)
                await self._room.command(person, HOME, f"/away until {back:%Y-%m-%d}")

    def _there(self, week: int) -> list[str]:
        """Name whoever is in the movement in a week and not away."""
        return [one for one, (_, _, habit) in PEOPLE.items() if week >= habit.since and week not in habit.away]

    async def begin_last_week(self) -> None:
        """Monday morning: the check-in has just opened, and two have answered."""
        await self._at(week=WEEKS, day=0, hour=9.1)
        await self._answer("chi")
        await self._answer("gus", reply=True)

    async def _answer_all(self, week: int, *, early: bool) -> None:
        for person, (_, _, habit) in PEOPLE.items():
            there = week >= habit.since and week not in habit.away
            # Who answers does so on the first day or after the reminder, most of them early.
            if there and self._chance.random() < habit.answers * (0.6 if early else 0.8):
                await self._answer(person, reply=self._chance.random() < habit.replies)

    async def _answer(self, person: str, *, reply: bool = False) -> None:
        board = next((post for post in reversed(self._room.channel_messages(HOME)) if _button(post, "answer")), None)
        action = _button(board, "answer") if board is not None else None
        if board is None or action is None or self._has_answered(person, board):
            return
        if reply:
            await self._room.say(person, HOME, self._chance.choice(_REPLIES), board.id)
            return
        await self._room.press(person, board.id, action)
        opened = self._room.form(person)
        if opened is None:
            return
        await self._fill(person, self._written(opened.form, PEOPLE[person][2]))
        energy = _button(board, "energy")
        if energy is not None and self._chance.random() < 0.7:  # noqa: PLR2004 - most, not all
            await self._room.press(person, board.id, energy)
            await self._tap_whisper(person, self._chance.choice("2334445"))

    def _has_answered(self, person: str, board: Post) -> bool:
        name = PEOPLE[person][0]
        return any(post.author == person or f"\n{name}" in post.text for post in self._room.thread(board.id))

    def _written(self, form: Form, habit: Habit) -> dict[str, str | tuple[str, ...]]:
        written: dict[str, str | tuple[str, ...]] = {}
        for field in form.fields:
            if isinstance(field, Choice):
                written[field.name] = (self._chance.choice("33444455"),)
            elif field.name == "did":
                written[field.name] = self._chance.choice(_DEEDS) if self._chance.random() < habit.does else ""
            else:
                written[field.name] = self._chance.choice(_ANSWERS.get(field.label, ("",)))
        if not any(written.values()):
            written[form.fields[0].name] = "Nothing this week"
        return written

    async def _chat(self, week: int) -> None:
        person, words = _CHATTER[week % len(_CHATTER)]
        if week >= PEOPLE[person][2].since:
            await self._room.say(person, HOME, words)
            newest = self._room.channel_messages(HOME)[-1]
            for fan in self._chance.sample(("ana", "dee", "ben", "max"), 2):
                if week >= PEOPLE[fan][2].since and fan != person:
                    await self._room.react(fan, newest.id, "👍")

    async def _fill(self, person: str, written: dict[str, str | tuple[str, ...]]) -> None:
        opened = self._room.form(person)
        if opened is not None:
            await self._room.fill(person, opened.id, written)

    async def _tap_whisper(self, person: str, label: str) -> None:
        for whisper in reversed(self._room.whispers(person)):
            for button in _buttons(whisper):
                if button.label == label:
                    await self._room.press(person, whisper.id, button.action)
                    return


def _buttons(post: Post) -> Iterator[Button]:
    for part in post.view.parts if post.view is not None else ():
        if isinstance(part, Buttons):
            row: Sequence[object] = part.row
            yield from (button for button in row if isinstance(button, Button))


def _button(post: Post, verb: str) -> Action | None:
    return next((button.action for button in _buttons(post) if button.action.verb == verb), None)
