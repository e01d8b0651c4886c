"""How a movement comes to its alignment checks: by its mission, three months after it was first written down."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cadence import read_cadence
from bot.chat import Answer, Problems, Whisper
from bot.missions import ADOPTED, MISSION_MOST, adopt_mission, current_mission, first_mission
from bot.practices import plan
from bot.tables import Practice
from bot.turn import Turn
from rituals.alignment import forms, messages
from rituals.alignment.declaration import (
    FIRST_AFTER_MONTHS,
    QUARTERLY,
    ritual,
)


@ritual.begins
def begin(turn: Turn) -> None:
    """Plan the first check for three months after the mission was written down."""
    _plan_first(turn, turn.practice())


@ritual.timer(ADOPTED)
def mission_adopted(turn: Turn) -> None:
    """Begin with the first mission; one that is only reworded changes nothing of the plan."""
    practice = turn.practice()
    current = current_mission(turn)
    if current is not None and current.version == 1 and practice.cadence == str(read_cadence(QUARTERLY)):
        _plan_first(turn, practice)


def _plan_first(turn: Turn, practice: Practice) -> None:
    mission = first_mission(turn)
    begun = (mission.at if mission else turn.now).astimezone(ZoneInfo(turn.zone))
    begun = begun.replace(hour=0, minute=0, second=0, microsecond=0)
    # From then on the weeks are counted, so that the next ones come a quarter after it.
    practice.anchor = max(_months_after(begun, FIRST_AFTER_MONTHS), turn.now)
    plan(turn.db, turn.movement, practice, after=practice.anchor - timedelta(microseconds=1))


def _months_after(moment: datetime, months: int) -> datetime:
    """Give the same day some months later, or that month's last one."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day).astimezone(UTC)


@ritual.press("write", only="organizer")
def open_mission(turn: Turn) -> Answer:
    """Open the mission where it is missing."""
    mission = current_mission(turn)
    return forms.mission_form(mission.words if mission else "", turn.action("write"))


@ritual.submit("write", only="organizer")
def keep_mission(turn: Turn) -> Answer:
    """Keep the mission, and tell the channel."""
    answers = turn.answers
    words = answers.words("mission", most=MISSION_MOST)
    if answers.problems:
        return Problems(answers.problems)
    before = current_mission(turn)
    if before is not None and before.words == words:
        return Whisper("That is the mission as it stands; nothing changed.")
    mission = adopt_mission(turn, words, member=turn.who)
    turn.show(
        f"mission:{mission.version}",
        messages.mission_written(words, mission.version, f"written down by {turn.who.name}"),
    )
    return Whisper(f"Saved as version {mission.version}. I have posted it in the channel.")
