"""How choosing begins and ends; never longer than three weeks, unless a proposal is still open."""

from __future__ import annotations

from sqlalchemy import select

from bot.tables import Occurrence
from bot.turn import Turn
from rituals.alignment.checks import (
    find_check,
    find_running,
    show_board,
)
from rituals.alignment.choosing import open_proposals, show_choices
from rituals.alignment.declaration import CHOOSING, QUORUM, ritual
from rituals.alignment.tables import Activity, Check, Proposal, Voice


def begin_choosing(turn: Turn, occurrence: Occurrence, check: Check) -> None:
    """Open the post in the thread where choices are made."""
    check.turns_at = turn.now + CHOOSING
    turn.later(check.turns_at, "finish", occurrence.id)
    show_choices(turn, occurrence, check)


@ritual.timer("finish")
def finish_in_time(turn: Turn) -> None:
    """End choosing; what nobody proposed or agreed on stays open for the next check."""
    found = find_check(turn, turn.about)
    if found is not None and found[1].phase == "choose":
        finish(turn, *found)


def finish_earlier(turn: Turn) -> None:
    """End what is left of an earlier check, so that there are never two."""
    found = find_running(turn, "choose")
    if found is not None:
        finish(turn, *found)


def finish(turn: Turn, occurrence: Occurrence, check: Check) -> None:
    """End choosing."""
    for proposal in open_proposals(turn, occurrence):
        proposal.state = "lapsed"
        turn.cancel("decide", proposal.id)
    check.phase, check.turns_at = "closed", None
    turn.cancel("finish", occurrence.id)
    if occurrence.state == "open":
        occurrence.state = "held" if _spoke(turn, occurrence) >= QUORUM else "missed"
        occurrence.closed_at = turn.now
    turn.db.flush()
    show_choices(turn, occurrence, check)
    show_board(turn, occurrence, check)


def _spoke(turn: Turn, occurrence: Occurrence) -> int:
    """Count who said anything to a proposal."""
    return len(
        set(
            turn.db.scalars(
                select(Voice.member_id)
                .join(Proposal, Proposal.id == Voice.proposal_id)
                .join(Activity, Activity.id == Proposal.activity_id)
                .where(Activity.occurrence_id == occurrence.id)
            )
        )
    )
