"""How people rate with their names, where too few are there for anything else."""

from __future__ import annotations

from bot.chat import Answer, Problems, Whisper
from bot.tables import Occurrence
from bot.turn import Turn
from rituals.alignment.ballots import (
    CLOSED,
    Ballot,
    confirm,
    keep_reasons_of,
    rating_form_of,
    read_action,
    read_figures,
    reasons_form_of,
)
from rituals.alignment.checks import activities_of, pages, show_board
from rituals.alignment.declaration import ritual

SIGNED = "member:"


def signature(member_id: int) -> str:
    """Sign a rating with a member's number."""
    return f"{SIGNED}{member_id}"


@ritual.press("sign")
def open_signed(turn: Turn) -> Answer:
    """Open the form of a check in which names stand beside the ratings."""
    read = read_action(turn, "signed")
    if read is None:
        return Whisper(CLOSED)
    (occurrence, _), page, _ = read
    return rating_form_of(_signed(turn, occurrence), page, f"{occurrence.id}/{page}", "sign")


@ritual.submit("sign")
def keep_signed(turn: Turn) -> Answer:
    """Keep signed ratings."""
    read = read_action(turn, "signed")
    if read is None:
        return Problems({"": CLOSED})
    (occurrence, check), page, _ = read
    ballot = _signed(turn, occurrence)
    figures = read_figures(turn, pages(ballot.activities)[page - 1])
    if isinstance(figures, Problems):
        return figures
    ballot.keep(figures)
    show_board(turn, occurrence, check)
    return confirm(ballot, occurrence, token="")


@ritual.press("sign-why")
def open_signed_reasons(turn: Turn) -> Answer:
    """Ask why, in words."""
    read = read_action(turn, "signed")
    if read is None:
        return Whisper(CLOSED)
    (occurrence, _), page, _ = read
    return reasons_form_of(_signed(turn, occurrence), page, f"{occurrence.id}/{page}", "sign-why")


@ritual.submit("sign-why")
def keep_signed_reasons(turn: Turn) -> Answer:
    """Keep signed reasons."""
    read = read_action(turn, "signed")
    if read is None:
        return Problems({"": CLOSED})
    (occurrence, _), page, _ = read
    return keep_reasons_of(_signed(turn, occurrence), page)


def _signed(turn: Turn, occurrence: Occurrence) -> Ballot:
    return Ballot(turn, activities_of(turn, occurrence), signature(turn.who.id))
