"""How people rate in private, with a way to change it that leads nobody to them."""

from __future__ import annotations

import hashlib
import secrets

from bot.chat import Answer, Problems, Whisper
from bot.marks import leave_mark
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
    sent_forms,
)
from rituals.alignment.checks import activities_of, pages, scope_of, show_board
from rituals.alignment.declaration import ritual

TWICE = (
    "You have rated already. To change it, use the buttons of the message that you got then: nothing else knows which "
    "ratings are yours."
)
TOKEN_BYTES = 12


@ritual.press("rate", anonymous=True)
def open_ratings(turn: Turn) -> Answer:
    """Open a form: a new one from the channel, one's own from the message that has its token."""
    read = read_action(turn, "anonymous")
    if read is None:
        return Whisper(CLOSED)
    (occurrence, _), page, token = read
    if not token:
        page = _first_unrated(turn, occurrence)
        if not page:
            return Whisper(TWICE)
        token = secrets.token_urlsafe(TOKEN_BYTES)
    return rating_form_of(_ballot(turn, occurrence, token), page, f"{occurrence.id}/{page}/{token}", "rate")


@ritual.submit("rate", anonymous=True)
def keep_ratings(turn: Turn) -> Answer:
    """Keep ratings. The same form sent again changes what it gave, so an event that comes twice does no harm."""
    read = read_action(turn, "anonymous")
    if read is None:
        return Problems({"": CLOSED})
    (occurrence, check), page, token = read
    if not token:
        return Problems({"": CLOSED})
    ballot = _ballot(turn, occurrence, token)
    figures = read_figures(turn, pages(ballot.activities)[page - 1])
    if isinstance(figures, Problems):
        return figures
    # Whoever has the token of what is there changes it; everybody else leaves a mark, and only once.
    if not figures.keys() & ballot.rows().keys() and not leave_mark(turn, scope_of(occurrence, page)):
        return Problems({"": TWICE})
    ballot.keep(figures)
    show_board(turn, occurrence, check)
    return confirm(ballot, occurrence, token=token)


@ritual.press("why", anonymous=True)
def open_reasons(turn: Turn) -> Answer:
    """Ask why, in words."""
    read = read_action(turn, "anonymous")
    if read is None or not read[2]:
        return Whisper(CLOSED)
    (occurrence, _), page, token = read
    return reasons_form_of(_ballot(turn, occurrence, token), page, f"{occurrence.id}/{page}/{token}", "why")


@ritual.submit("why", anonymous=True)
def keep_reasons(turn: Turn) -> Answer:
    """Keep reasons beside the ratings they belong to."""
    read = read_action(turn, "anonymous")
    if read is None or not read[2]:
        return Problems({"": CLOSED})
    (occurrence, _), page, token = read
    return keep_reasons_of(_ballot(turn, occurrence, token), page)


def _first_unrated(turn: Turn, occurrence: Occurrence) -> int:
    """Find the first form that whoever acts has not sent yet; 0 when they have sent them all."""
    count = len(pages(activities_of(turn, occurrence)))
    sent = sent_forms(turn, occurrence, count)
    return next((page for page in range(1, count + 1) if page not in sent), 0)


def _ballot(turn: Turn, occurrence: Occurrence, token: str) -> Ballot:
    return Ballot(turn, activities_of(turn, occurrence), hashlib.sha256(token.encode()).hexdigest())
