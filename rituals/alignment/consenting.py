"""Consent and objections: what everybody may say to what is proposed."""

from __future__ import annotations

from bot.chat import Answer, Problems, Whisper
from bot.store import insert_or
from bot.turn import Turn, read_number
from rituals.alignment import forms
from rituals.alignment.checks import (
    Found,
    find_activity,
    find_check,
)
from rituals.alignment.choosing import open_proposals, show_choices, show_one
from rituals.alignment.declaration import REASON_MOST, ritual
from rituals.alignment.tables import Activity, Proposal, Voice

GONE = "This proposal is not open any more. The post in the thread shows how it stands."


def speak(turn: Turn, proposal: Proposal, *, consents: bool, reason: str = "") -> None:
    """Note what the one who acts says to a proposal, in place of what they said before."""
    row = {"proposal_id": proposal.id, "member_id": turn.who.id, "consents": consents, "reason": reason}
    said = insert_or(turn.db)(Voice).values(row)
    turn.db.execute(
        said.on_conflict_do_update(
            index_elements=["proposal_id", "member_id"], set_={"consents": consents, "reason": reason}
        )
    )
    mine = turn.db.get(Voice, (proposal.id, turn.who.id))
    if mine is not None:
        turn.db.refresh(mine)
    kind = "decision_vote" if consents else "feedback_given"
    turn.record(kind, once=f"{kind}:alignment:{proposal.id}:{turn.who.id}")


def find_proposal(turn: Turn, written: str) -> tuple[Found, Activity, Proposal] | None:
    """Find a proposal of this movement."""
    number = read_number(written)
    proposal = turn.db.get(Proposal, number) if number is not None else None
    found = find_activity(turn, str(proposal.activity_id)) if proposal is not None else None
    return (*found, proposal) if found is not None and proposal is not None else None


@ritual.press("consent")
def give_consent(turn: Turn) -> Answer:
    """Consent to one proposal; it also takes back an objection of one's own."""
    read = find_proposal(turn, turn.about)
    if read is None or read[2].state != "open":
        return Whisper(GONE)
    found, activity, proposal = read
    speak(turn, proposal, consents=True)
    show_choices(turn, *found)
    return show_one(turn, found, activity)


@ritual.press("consent-all")
def consent_to_all(turn: Turn) -> Answer:
    """Consent to everything that is proposed right now, except where one has objected."""
    found = find_check(turn, turn.about)
    proposals = open_proposals(turn, found[0]) if found is not None and found[1].phase == "choose" else []
    if found is None or not proposals:
        return Whisper("Nothing is proposed right now.")
    objected = 0
    for proposal in proposals:
        mine = turn.db.get(Voice, (proposal.id, turn.who.id))
        if mine is not None and not mine.consents:
            objected += 1
        else:
            speak(turn, proposal, consents=True)
    show_choices(turn, *found)
    stays = " Where you objected, your objection stays." if objected else ""
    return Whisper(f"Noted: you consent.{stays} You can change it for each one until its time is over.")


@ritual.press("object")
def open_objection(turn: Turn) -> Answer:
    """Ask what speaks against a proposal."""
    read = find_proposal(turn, turn.about)
    if read is None or read[2].state != "open":
        return Whisper(GONE)
    return forms.objection_form(turn.action("object", read[2].id))


@ritual.submit("object")
def keep_objection(turn: Turn) -> Answer:
    """Keep an objection with its reason."""
    read = find_proposal(turn, turn.about)
    if read is None or read[2].state != "open":
        return Problems({"": GONE})
    found, activity, proposal = read
    answers = turn.answers
    reason = answers.words("reason", most=REASON_MOST)
    if answers.problems:
        return Problems(answers.problems)
    speak(turn, proposal, consents=False, reason=reason)
    show_choices(turn, *found)
    return show_one(turn, found, activity)
