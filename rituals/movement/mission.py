"""The mission, in versions: a new one never overwrites an old one."""

from __future__ import annotations

from sqlalchemy import select

from bot.chat import Answer, Problems, Whisper
from bot.tables import Member, Mission
from bot.turn import Turn
from rituals.movement import forms, messages
from rituals.movement.declaration import MISSION_MOST, ritual


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
    version = (before.version if before else 0) + 1
    turn.db.add(Mission(movement_id=turn.movement.id, version=version, words=words, member_id=turn.who.id, at=turn.now))
    turn.show(f"mission:{version}", messages.mission_post(words, version, turn.who.name))
    return Whisper(f"Saved as version {version}. I have posted it in the channel.")


@ritual.command("mission", "Read the mission and its earlier versions")
def read_missions(turn: Turn) -> Answer:
    """Show the latest versions of the mission, the newest first."""
    rows = turn.db.execute(
        select(Mission, Member.name)
        .outerjoin(Member, Member.id == Mission.member_id)
        .where(Mission.movement_id == turn.movement.id)
        .order_by(Mission.version.desc())
        .limit(messages.MISSIONS_SHOWN)
    ).all()
    if not rows:
        return Whisper("The mission is not written down yet. An organizer can do that with /drumbeat.")
    return messages.missions(
        turn.movement.name,
        [
            (mission.words, f"Version {mission.version}, {turn.spoken_date(mission.at)}, {name or 'somebody who left'}")
            for mission, name in rows
        ],
    )


def current_mission(turn: Turn) -> Mission | None:
    """Find the mission as it stands."""
    return turn.db.scalar(
        select(Mission).where(Mission.movement_id == turn.movement.id).order_by(Mission.version.desc()).limit(1)
    )
