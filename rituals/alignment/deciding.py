"""What becomes of a proposal when its time is over: it stands or not, and a promise or a new mission follows."""

from __future__ import annotations

from bot.insights import consent
from bot.missions import adopt_mission, current_mission
from bot.promises import end_of, make_promise
from bot.tables import Member, Occurrence
from bot.turn import Turn
from rituals.alignment import messages
from rituals.alignment.activities import MISSION
from rituals.alignment.checks import activities_of
from rituals.alignment.choosing import count_voices, latest_proposal, needed, show_choices
from rituals.alignment.consenting import find_proposal
from rituals.alignment.declaration import ritual
from rituals.alignment.ending import finish
from rituals.alignment.tables import Activity, Proposal

STATES = {"adopted": "adopted", "objected": "objected", "too few answered": "lapsed"}


@ritual.timer("decide")
def decide(turn: Turn) -> None:
    """Decide on a proposal at its deadline."""
    read = find_proposal(turn, turn.about)
    if read is None or read[2].state != "open":
        return
    (occurrence, check), activity, proposal = read
    consents, objections = count_voices(turn, proposal)
    outcome = consent.decide(consents, len(objections), needed=needed(turn, occurrence, check))
    proposal.state = STATES[outcome]
    if outcome == "adopted":
        _adopt(turn, occurrence, activity, proposal)
    turn.db.flush()
    if _all_chosen(turn, occurrence):
        finish(turn, occurrence, check)
    else:
        show_choices(turn, occurrence, check)


def _adopt(turn: Turn, occurrence: Occurrence, activity: Activity, proposal: Proposal) -> None:
    proposer = turn.db.get(Member, proposal.member_id) if proposal.member_id is not None else None
    if proposer is not None:
        once = f"proposal_made:alignment:{proposal.id}"
        turn.record("proposal_made", once=once, member=proposer, occurrence=occurrence)
    if activity.source == MISSION:
        if proposal.words and proposer is not None:
            _amend(turn, proposal, proposer)
    elif proposal.owner_id is not None and proposal.due_on is not None:
        owner = turn.db.get(Member, proposal.owner_id)
        if owner is not None and owner.left_at is None:
            turn.who_ = proposer  # it was they who asked for it
            make_promise(
                turn,
                what=proposal.words,
                owner=owner,
                due_at=end_of(proposal.due_on, zone=turn.zone),
                about=f"proposal:{proposal.id}",
                occurrence=occurrence,
            )
            turn.who_ = None


def _amend(turn: Turn, proposal: Proposal, proposer: Member) -> None:
    current = current_mission(turn)
    if current is not None and current.version != proposal.base:
        proposal.state = "overtaken"
        return
    mission = adopt_mission(turn, proposal.words, member=proposer)
    turn.show(
        f"mission:{mission.version}",
        messages.mission_written(mission.words, mission.version, f"proposed by {proposer.name} and agreed"),
    )


def _all_chosen(turn: Turn, occurrence: Occurrence) -> bool:
    latest = [latest_proposal(turn, one) for one in activities_of(turn, occurrence)]
    return all(one is not None and one.state == "adopted" for one in latest)
