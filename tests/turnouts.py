"""What people do while a gathering is on and after it, in the words of the scenes."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.chat import Choice, People, Person
from bot.tables import Evidence, Gathering, Guess, Member, Occurrence
from tests.gatherings import announce, card, more
from tests.town import BERLIN, RIVER, Town

WORD = "Say this aloud: "
HERE = "You are down as here. Thank you for coming."


def at(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    """A time on the day of the town hall, on Berlin's clocks."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


async def seat_seven(town: Town) -> None:
    """Start a movement of seven people."""
    await town.start_movement()
    await town.room.join("eli", RIVER)
    await town.bring(Person("fay", "Fay", "Europe/Berlin"), Person("gus", "Gus", "Europe/Berlin"))


async def town_hall(town: Town, *going: str, who: str = "ana", line: str = "town hall tomorrow 18:00 90m") -> None:
    """Announce a town hall for tomorrow, and let some say that they are going."""
    shown = await announce(town, who, line)
    for person in going:
        await town.press(person, "Going", on=shown)


async def start(town: Town, who: str = "ana", title: str = "town hall") -> str:
    """Press Start, under More on the card."""
    await more(town, who, title)
    return await town.press(who, "Start")


async def word(town: Town, who: str = "ana") -> str:
    """Read the word of this moment, as whoever runs it does."""
    await more(town, who)
    return (await town.press(who, "The word")).removeprefix(WORD).splitlines()[0]


async def say_here(town: Town, who: str, written: str) -> str:
    """Press I'm here and write a word."""
    await town.press(who, "I'm here", on=card(town))
    return await town.fill(who, word=written)


async def roll_call(town: Town, who: str = "ana") -> str:
    """Open the roll call, under More on the card."""
    await more(town, who)
    return await town.press(who, "Roll call")


def numbers(town: Town, *people: str) -> tuple[str, ...]:
    """The values of people in the questions of a roll call."""
    by_name = {str(row["person"]): str(row["id"]) for row in town.rows(Member)}
    return tuple(by_name[person] for person in people)


def ticked(town: Town, who: str) -> dict[str, tuple[str, ...]]:
    """What is filled in already in the roll call that somebody has open; people by their names."""
    by_number = {str(row["id"]): str(row["person"]) for row in town.rows(Member)}
    found: dict[str, tuple[str, ...]] = {}
    for field in town.form(who).form.fields:
        if isinstance(field, Choice):
            found[field.name] = tuple(by_number.get(one, one) for one in field.value)
        elif isinstance(field, People):
            found[field.name] = tuple(town.stage.named(one) for one in field.value)
        else:
            found[field.name] = (field.value,)
    return found


def evidence(town: Town) -> set[tuple[str, str, str]]:
    """All that is kept of who came: (person, source, what it says)."""
    by_number = {row["id"]: str(row["person"]) for row in town.rows(Member)}
    return {(by_number[row["member_id"]], str(row["source"]), str(row["says"])) for row in town.rows(Evidence)}


def wrong(town: Town) -> list[object]:
    """How often each person wrote a wrong word."""
    return [row["wrong"] for row in town.rows(Guess)]


def kept(town: Town) -> tuple[object, ...]:
    """What stands of the newest gathering: its state, whether it is recorded, and its occurrence's state."""
    gathering = town.rows(Gathering)[-1]
    (occurrence,) = [row for row in town.rows(Occurrence) if row["id"] == gathering["occurrence_id"]]
    return gathering["state"], gathering["recorded"], occurrence["state"]


def turnout(town: Town) -> str:
    """What the newest card says of it since it is over."""
    return next(line for line in card(town).text.splitlines() if line.startswith("It is over."))


def coming(town: Town) -> list[tuple[str, str]]:
    """The acts of gatherings in the ledger, in the order of people and kinds."""
    return sorted(town.acts("attended", "hosted", "initiated"))


__all__ = [
    "HERE",
    "at",
    "coming",
    "evidence",
    "kept",
    "numbers",
    "roll_call",
    "say_here",
    "seat_seven",
    "start",
    "ticked",
    "town_hall",
    "turnout",
    "word",
    "wrong",
]
