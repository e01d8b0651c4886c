"""What members propose for an activity, or for the mission, after a check."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import Answer, Problems, Whisper
from bot.missions import MISSION_MOST, current_mission
from bot.people import find_present
from bot.promises import WHAT_MOST
from bot.tables import Occurrence
from bot.turn import Turn
from rituals.alignment import forms
from rituals.alignment.activities import MISSION
from rituals.alignment.checks import (
    Found,
    find_activity,
    mission_of,
)
from rituals.alignment.choosing import latest_proposal, open_proposals, show_choices, show_one
from rituals.alignment.consenting import GONE, speak
from rituals.alignment.declaration import CONSENT, WHY_MOST, ritual
from rituals.alignment.tables import Activity, Check, Proposal

DECIDED = "This is decided already. The next check begins with it."
OVER = "Choosing is over for this check. The next one begins with what we chose."


@ritual.press("propose")
def open_proposal(turn: Turn) -> Answer:
    """Ask for what a proposal needs."""
    read = _read_proposal(turn)
    if isinstance(read, str):
        return Whisper(read)
    (_, check), activity, choice = read
    action = turn.action("propose", f"{activity.id}/{choice}")
    if choice == "keep":
        return forms.keep_form(action)
    if activity.source == MISSION:
        return forms.mission_form((current_mission(turn) or mission_of(turn, check)).words, action, why="")
    if choice == "change":
        return forms.change_form("Change it", "", action)
    return forms.change_form("Stop it", "Tell everybody that it ends, and say thank you", action)


def _read_proposal(turn: Turn) -> tuple[Found, Activity, str] | str:
    written, _, choice = turn.about.partition("/")
    found = find_activity(turn, written)
    if found is None or choice not in ("keep", "change", "stop"):
        return GONE
    if found[0][1].phase != "choose":
        return OVER
    if found[1].source == MISSION and choice == "stop":
        return GONE
    latest = latest_proposal(turn, found[1])
    if latest is not None and latest.state == "adopted":
        return DECIDED
    return found[0], found[1], choice


@ritual.submit("propose")
def keep_proposal(turn: Turn) -> Answer:
    """Put a proposal to everybody; it takes the place of the one before."""
    read = _read_proposal(turn)
    if isinstance(read, str):
        return Problems({"": read})
    (occurrence, check), activity, choice = read
    answers = turn.answers
    why = answers.words("why", most=WHY_MOST, required=False)
    words, owner, due = "", None, None
    decides_at = turn.now + CONSENT
    if choice != "keep" and activity.source == MISSION:
        words = answers.words("mission", most=MISSION_MOST)
        mission = current_mission(turn)
        if words and mission is not None and words == mission.words:
            answers.problems["mission"] = "These are the words as they stand. Reaffirm them, or change something."
    elif choice != "keep":
        words = answers.line("what", most=WHAT_MOST)
        owner = find_present(turn.db, turn.movement, answers.one("owner"))
        if owner is None:
            answers.problems["owner"] = "Please choose a member of this movement."
        due = answers.day("due")
        # A promise whose day is over before the choice stands would be late from the beginning.
        first = decides_at.astimezone(ZoneInfo(turn.zone)).date()
        if due is not None and due < first:
            answers.problems["due"] = (
                f"Consent takes 72 hours, so the first possible day is {turn.spoken_day(first)}. "
                "Choose that one or a later one."
            )
    if answers.problems:
        return Problems(answers.problems)
    for before in open_proposals(turn, occurrence):
        if before.activity_id == activity.id:
            before.state = "withdrawn"
            turn.cancel("decide", before.id)
    proposal = Proposal(
        activity_id=activity.id,
        choice=choice,
        why=why,
        words=words,
        member_id=turn.who.id,
        owner_id=owner.id if owner is not None else None,
        due_on=due,
        base=_version(turn),
        at=turn.now,
        decides_at=decides_at,
        state="open",
    )
    turn.db.add(proposal)
    turn.db.flush()
    speak(turn, proposal, consents=True)
    turn.later(proposal.decides_at, "decide", proposal.id)
    _last_until(turn, occurrence, check, proposal.decides_at)
    show_choices(turn, occurrence, check)
    return show_one(turn, (occurrence, check), activity)


def _version(turn: Turn) -> int:
    mission = current_mission(turn)
    return mission.version if mission is not None else 0


def _last_until(turn: Turn, occurrence: Occurrence, check: Check, moment: datetime) -> None:
    """Let choosing last as long as a proposal is open."""
    if check.turns_at is not None and check.turns_at <= moment:
        check.turns_at = moment
        turn.later(moment + timedelta(minutes=1), "finish", occurrence.id)  # decided first, then over
