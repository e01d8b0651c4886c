"""What scenes of the alignment check have in common: a movement of seven or of four with a mission, and its ratings."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.playground.scene import Post
from bot.chat import Person
from rituals.alignment.tables import Activity
from tests.town import Town

PEOPLE = ("ana", "ben", "chi", "dee", "fay", "gus", "hal")
MISSION = "We clean our river together until it can be swum in again."


async def start_with_mission(town: Town, *, people: int = 7) -> None:
    """Start a movement with a mission in which Ben organizes with Ana."""
    await town.start_movement()
    await town.bring(*(Person(name, name.capitalize(), "Europe/Berlin") for name in PEOPLE[4:people]))
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Organizers")
    await town.fill("ana", people=("ben",))
    await write_mission(town, MISSION)


async def write_mission(town: Town, words: str) -> None:
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Mission")
    await town.fill("ana", mission=words)


def board(town: Town) -> Post:
    return town.post("Alignment check, ")


async def open_check(town: Town, *activities: str) -> Post:
    """Open a check on these activities at once."""
    await town.command("ana", "/alignment-check now")
    await town.press("ana", "Change the list")
    await town.fill("ana", activities="\n".join(activities))
    await town.press("ana", "Open it now")
    return board(town)


async def rate(town: Town, who: str, *figures: int, verb: str = "Rate") -> str:
    """Rate everything that the first form asks about; 0 is 'not sure'."""
    await town.press(who, verb, on=board(town) if verb == "Rate" else None)
    return await town.fill(who, **{f"a{number}": (str(figure),) for number, figure in enumerate(figures, 1)})


async def rate_all(town: Town, *by_person: Sequence[int]) -> None:
    """Let people rate, one after the other."""
    for who, figures in zip(PEOPLE, by_person, strict=False):
        await rate(town, who, *figures)


async def look_at(town: Town, who: str, position: int) -> str:
    """Look at one of the activities of the newest check."""
    rows = town.rows(Activity)
    newest = max(int(str(row["occurrence_id"])) for row in rows)
    activity = next(row["id"] for row in rows if row["occurrence_id"] == newest and row["position"] == position)
    return await town.press(who, "Look at one of them", choice=str(activity))


def results(town: Town) -> str:
    """What the first post in the thread says, without the picture's words."""
    return "\n".join(line for line in town.thread(board(town))[0].split("\n") if not line.startswith("(Ratings"))


def choices(town: Town) -> list[str]:
    """The lines of the choices in the thread."""
    return town.thread(board(town))[1].split("\n")
