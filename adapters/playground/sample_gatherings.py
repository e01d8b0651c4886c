"""How the sample's people come together: a walk every Saturday, with yes and no, and a roll call of who came."""

from __future__ import annotations

import random
from typing import Final

from adapters.playground.room import Room
from adapters.playground.sample_deeds import fill, find_post, standing, tap
from adapters.playground.scene import Post
from bot.chat import Choice

# The first time they come together was named when the movement began; the walks start a week later.
FIRST: Final = "First gathering"
FIRST_WEEK: Final = 1
WALK: Final = "Saturday walk"
LINE: Final = f"{WALK} every saturday 10:00 2h at the lock"
# How often somebody says yes, and how often they come when they did; now and then somebody comes who never said so.
HABITS: Final = {
    "ana": (0.95, 0.95),
    "ben": (0.9, 0.95),
    "chi": (0.9, 0.9),
    "fay": (0.7, 0.85),
    "gus": (0.6, 0.95),
    "hal": (0.3, 0.5),
    "ida": (0.6, 0.9),
    "jon": (0.7, 0.4),
    "kim": (0.7, 0.8),
    "max": (0.4, 0.3),
}
WALK_IN: Final = 0.15
RAINED_OFF: Final = 5


class Walks:
    """The walks, week by week. The same history every time."""

    def __init__(self, room: Room, home: str) -> None:
        self._room = room
        self._home = home
        self._chance = random.Random(29)  # noqa: S311
        self._going: list[str] = []
        self._came: set[str] = set()
        self._title = FIRST

    async def announce(self) -> None:
        """Ana announces the walk, as one that comes again, and Ben takes turns with her."""
        self._title = WALK
        await self._room.command("ana", self._home, f"/gather {LINE}")

    async def answer(self, people: list[str]) -> None:
        """Some say that they are going."""
        self._going = []
        for person in people:
            says_yes, _ = HABITS.get(person, (0.0, 0.0))
            drawn = self._chance.random()
            if drawn < says_yes:
                self._going.append(person)
                await tap(self._room, person, "Going", on=self._card())
            elif drawn > 0.93:  # noqa: PLR2004 - seldom does somebody say so
                await tap(self._room, person, "Can't", on=self._card())

    async def hold(self, week: int, people: list[str]) -> None:
        """Whoever hosts opens it, and some come; in one week it rains so much that nobody does."""
        if week != RAINED_OFF:
            for person in ("ana", "ben"):
                await tap(self._room, person, "More", on=self._card())
                if await tap(self._room, person, "Start"):
                    break
        came = {one for one in self._going if self._chance.random() < HABITS[one][1]}
        strangers = [one for one in people if one in HABITS and one not in self._going]
        self._came = came | {one for one in strangers if self._chance.random() < WALK_IN}

    async def call_roll(self, week: int, names: dict[str, str]) -> None:
        """The host says who came, in the roll call."""
        for host in ("ana", "ben"):
            await tap(self._room, host, "More", on=self._card())
            if not await tap(self._room, host, "Roll call"):
                continue
            opened = self._room.form(host)
            if opened is None:
                return
            came = set() if week == RAINED_OFF else self._came
            written = standing(opened.form)
            listed: set[str] = set()
            for field in opened.form.fields:
                if isinstance(field, Choice):
                    ids = {option.label: option.value for option in field.options}
                    listed |= {person for person, name in names.items() if name in ids}
                    written[field.name] = tuple(ids[names[one]] for one in sorted(came) if names[one] in ids)
            written["others"] = tuple(sorted(came - listed))
            written["guests"] = "" if self._chance.random() < 0.7 or not came else "1"  # noqa: PLR2004 - now and then
            written["ran"] = () if week == RAINED_OFF else (host,)
            await fill(self._room, host, written)
            return

    def _card(self) -> Post | None:
        return find_post(self._room, self._home, self._title)
