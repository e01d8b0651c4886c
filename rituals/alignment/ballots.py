"""What one rater gave in one check, and what they read and write there; the same whether signed or not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.chat import Answer, Problems, Whisper
from bot.marks import is_marked
from bot.tables import Occurrence
from bot.turn import Turn
from rituals.alignment import forms, messages
from rituals.alignment.checks import Found, activities_of, find_check, pages, scope_of
from rituals.alignment.declaration import REASON_MOST
from rituals.alignment.tables import Activity, Rating

CLOSED = "This alignment check takes no more ratings. What came of it is in its thread."
# What only the rater's own message holds. Without it nobody can find, change or recognize their ratings.
TOKEN = re.compile(r"[\w-]{16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ballot:
    """One rater's ratings of one check: by a hash that leads to nobody, or in a signed check by the member."""

    turn: Turn
    activities: Sequence[Activity]
    voter: str

    def rows(self) -> dict[int, Rating]:
        """Find what this rater gave so far, by the activity's position."""
        at = {one.id: one.position for one in self.activities}
        mine = select(Rating).where(Rating.activity_id.in_(at), Rating.voter == self.voter)
        return {at[row.activity_id]: row for row in self.turn.db.scalars(mine)}

    def keep(self, figures: Mapping[int, int]) -> None:
        """Keep ratings; one that was given before is replaced, and keeps its reason."""
        given = self.rows()
        for one in self.activities:
            if one.position in figures and one.position in given:
                given[one.position].figure = figures[one.position]
            elif one.position in figures:
                row = Rating(activity_id=one.id, voter=self.voter, figure=figures[one.position], reason="")
                self.turn.db.add(row)
        self.turn.db.flush()


def read_action(turn: Turn, way: str) -> tuple[Found, int, str] | None:
    """Read an action: the check, while it is open in this way, the page, and the token if there is one."""
    written, _, rest = turn.about.partition("/")
    number, _, token = rest.partition("/")
    found = find_check(turn, written)
    if found is None or found[1].phase != "rate" or found[1].way != way:
        return None
    count = len(pages(activities_of(turn, found[0])))
    page = int(number) if number in {str(one) for one in range(1, count + 1)} else 1
    return found, page, token if TOKEN.fullmatch(token) else ""


def _labels(activities: Sequence[Activity]) -> list[tuple[int, str]]:
    last = max(one.position for one in activities)
    return [
        (one.position, forms.MISSION_LABEL if one.source == "mission" and one.position == last else one.label)
        for one in activities
    ]


def rating_form_of(ballot: Ballot, page: int, about: str, verb: str) -> Answer:
    """Give one of the forms, with what this rater gave before in it."""
    shown = pages(ballot.activities)[page - 1]
    given = {position: str(row.figure) for position, row in ballot.rows().items()}
    return forms.rating_form(_labels(shown), given, ballot.turn.action(verb, about), first=page == 1)


def reasons_form_of(ballot: Ballot, page: int, about: str, verb: str) -> Answer:
    """Give the form that asks why, for what was rated."""
    rows = ballot.rows()
    shown = [one for one in pages(ballot.activities)[page - 1] if one.position in rows]
    if not shown:
        return Whisper("Please rate first; then you can say why.")
    given = {position: row.reason for position, row in rows.items()}
    return forms.reasons_form(_labels(shown), given, ballot.turn.action(verb, about))


def read_figures(turn: Turn, shown: Sequence[Activity]) -> dict[int, int] | Problems:
    """Read what was chosen on a form, by the position of what it is about."""
    answers = turn.answers
    given = {one.position: answers.one(f"a{one.position}") for one in shown}
    wrong = {
        f"a{position}": "Please choose a figure from 1 to 5, or 'Not sure'."
        for position, figure in given.items()
        if figure not in forms.FIGURES
    }
    return Problems(wrong) if wrong else {position: int(figure) for position, figure in given.items()}


def keep_reasons_of(ballot: Ballot, page: int) -> Answer:
    """Keep reasons beside the ratings they belong to."""
    rows = ballot.rows()
    answers = ballot.turn.answers
    written = {
        one.position: answers.words(f"a{one.position}", most=REASON_MOST, required=False)
        for one in pages(ballot.activities)[page - 1]
        if one.position in rows
    }
    if answers.problems:
        return Problems(answers.problems)
    if not written:
        return Problems({"": "Please rate first; then you can say why."})
    for position, words in written.items():
        rows[position].reason = words
    ballot.turn.db.flush()
    return Whisper("Kept. Reasons are shown at the close, sorted by the alphabet.")


def confirm(ballot: Ballot, occurrence: Occurrence, *, token: str) -> Answer:
    """Confirm ratings, and offer what is left and what can be changed."""
    given, turn = ballot.rows(), ballot.turn
    parts = pages(ballot.activities)
    rate, why = ("rate", "why") if token else ("sign", "sign-why")

    def about(number: int) -> str:
        return f"{occurrence.id}/{number}" + (f"/{token}" if token else "")

    mine = [number for number, part in enumerate(parts, 1) if all(one.position in given for one in part)]
    # A form that was sent from another message is done as well, only not to be changed from here.
    done = [*mine, *(sent_forms(turn, occurrence, len(parts)) if token else ())]
    left = [number for number in range(1, len(parts) + 1) if number not in done]
    row = [
        turn.button(f"Rate the other {len(parts[number - 1])}", rate, about(number), primary=True) for number in left
    ]
    row += [turn.button(f"Say why{_which(parts, number)}", why, about(number)) for number in mine]
    row += [turn.button(f"Change{_which(parts, number) or ' my ratings'}", rate, about(number)) for number in mine]
    whole = len(ballot.activities)
    count = whole - sum(len(parts[number - 1]) for number in left)
    return messages.kept(count, whole, row, signed=not token)


def sent_forms(turn: Turn, occurrence: Occurrence, count: int) -> list[int]:
    """List the forms of an anonymous check that whoever acts has sent."""
    return [page for page in range(1, count + 1) if is_marked(turn, scope_of(occurrence, page))]


def _which(parts: Sequence[Sequence[Activity]], number: int) -> str:
    """Tell which of several forms is meant."""
    if len(parts) == 1:
        return ""
    first, last = parts[number - 1][0].position, parts[number - 1][-1].position
    return f" {first}" if first == last else f" {first} to {last}"
