"""The mission, in versions: a new one never overwrites an old one."""

from __future__ import annotations

from sqlalchemy import select

from bot.chat import Answer, Problems, Whisper
from bot.missions import MISSION_MOST, adopt_mission, current_mission
from bot.tables import Member, Mission
from bot.turn import Turn
from rituals.movement import forms, messages
from rituals.movement.declaration import ritual

MOST_DIGITS = 9  # no mission is reworded more often


@ritual.press("mission", only="organizer")
def open_mission(turn: Turn) -> Answer:
    """Open the mission as it stands."""
    mission = current_mission(turn)
    return forms.mission_form(mission.words if mission else "", turn.action("mission"))


@ritual.submit("mission", only="organizer")
def keep_mission(turn: Turn) -> Answer:
    """Keep a new version of the mission, and tell the channel."""
    answers = turn.answers
    words = answers.words("mission", most=MISSION_MOST)
    if answers.problems:
        return Problems(answers.problems)
    before = current_mission(turn)
    if before is not None and before.words == words:
        return Whisper("That is the mission as it stands; nothing changed.")
    version = adopt_mission(turn, words, member=turn.who).version
    turn.show(f"mission:{version}", messages.mission_post(words, version, turn.who.name))
    return Whisper(f"Saved as version {version}. I have posted it in the channel.")


@ritual.command("mission", "Read the mission and its earlier versions")
def read_missions(turn: Turn) -> Answer:
    """Show the latest versions of the mission, the newest first."""
    return _show_versions(turn, below=None)


@ritual.press("earlier-missions")
def read_earlier(turn: Turn) -> Answer:
    """Show the versions before one; a button may name any number."""
    below = (
        int(turn.about) if turn.about.isascii() and turn.about.isdigit() and len(turn.about) <= MOST_DIGITS else None
    )
    return _show_versions(turn, below=below)


def _show_versions(turn: Turn, *, below: int | None) -> Answer:
    found = (
        select(Mission, Member.name)
        .outerjoin(Member, Member.id == Mission.member_id)
        .where(Mission.movement_id == turn.movement.id)
        .order_by(Mission.version.desc())
        .limit(messages.MISSIONS_SHOWN + 1)
    )
    rows = turn.db.execute(found if below is None else found.where(Mission.version < below)).all()
    shown = rows[: messages.MISSIONS_SHOWN]
    if not shown:
        return Whisper("The mission is not written down yet. An organizer can do that with /drumbeat.")
    more = len(rows) > len(shown)
    return messages.missions(
        turn.movement.name,
        [
            (mission.words, f"Version {mission.version}, {turn.spoken_date(mission.at)}, {name or 'somebody who left'}")
            for mission, name in shown
        ],
        turn.button("Earlier versions", "earlier-missions", shown[-1][0].version) if more else None,
    )
