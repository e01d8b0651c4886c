"""What a roll call that was sent says, and writing it down: it takes the place of the one before."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy import select

from bot.chat import CHOICE_LIMIT
from bot.insights.attendance import Says
from bot.people import find_member
from bot.tables import Evidence, Gathering, Member
from bot.turn import Answers, Turn, read_number
from rituals.gathering.gatherings import occurrence_of
from rituals.gathering.record import forget, note, told_by
from rituals.gathering.roll_forms import GUESTS_MOST

MOST_GUESTS = 999
# 'Maria and two friends' is three people: better asked back than miscounted.
_COUNTS = re.compile(r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|some|a few|several|many)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|;|\n|\+|&|\band\b)\s*", re.IGNORECASE)


# ------------------------------------------------------------------------------------------------ reading the form


def read_ticks(answers: Answers, yes: Sequence[Member]) -> set[int]:
    """Read who of those who had said yes is ticked."""
    fields = range(-(-len(yes) // CHOICE_LIMIT) or 1)
    picked = {read_number(one) for number in fields for one in answers.many(f"came-{number}")}
    return {one.id for one in yes if one.id in picked}


class Told:
    """What was told beside the ticks; ``problems`` says what is wrong with it."""

    def __init__(self, turn: Turn, answers: Answers) -> None:
        self._turn = turn
        self.problems = answers.problems
        self.came = self._members(answers, "others")
        self.excused = self._members(answers, "excused")
        self.ran = self._members(answers, "ran")
        self.guests = self._guests(answers)

    def problem(self, ticked: Collection[int]) -> bool:
        """Find whoever is told to have been there and to be excused; tells whether anything is wrong at all."""
        there = {*ticked, *(one.id for one in (*self.came, *self.ran))}
        both = [one.name for one in self.excused if one.id in there]
        if both:
            self.problems["excused"] = f"{both[0]} is down as having come, too. Please choose one."
        return bool(self.problems)

    def _members(self, answers: Answers, field: str) -> list[Member]:
        found: list[Member] = []
        for person in answers.many(field):
            member = find_member(self._turn.db, self._turn.movement, person)
            if member is None or member.bot:
                self.problems[field] = "Please choose members of this movement only; count anybody else as a guest."
            elif member not in found:
                found.append(member)
        return found

    def _guests(self, answers: Answers) -> int:
        """Read a number, or count first names; the names are not kept."""
        written = answers.words("guests", most=GUESTS_MOST, required=False)
        number = read_number(written)
        if number is None and not _COUNTS.search(written):
            return len([one for one in _BETWEEN.split(written) if one])
        if number is None or number > MOST_GUESTS:
            self.problems["guests"] = f"Please write one number up to {MOST_GUESTS}, or first names with commas."
            return 0
        return number


# ------------------------------------------------------------------------------------------------ writing it down


def write_all(turn: Turn, gathering: Gathering, yes: Sequence[Member], told: Told, ticked: Collection[int]) -> None:
    """Write a whole roll call: it takes the place of the one before."""
    forget(turn, gathering, "roll")
    there = {*ticked, *(one.id for one in (*told.came, *told.ran))}
    excused = {one.id for one in told.excused}
    for member in {one.id: one for one in (*yes, *told.came, *told.ran, *told.excused)}.values():
        note(turn, gathering, member, "roll", _says(member, there, excused), by=turn.who)
    _write_rest(turn, gathering, told)


def write_page(turn: Turn, gathering: Gathering, page: Sequence[Member], ticked: Collection[int]) -> None:
    """Write one page; whoever is excused on another page stays so."""
    excused = _excused(turn, gathering)
    for member in page:
        note(turn, gathering, member, "roll", _says(member, ticked, excused), by=turn.who)
    occurrence_of(turn, gathering).why = ""


def write_others(turn: Turn, gathering: Gathering, yes: Sequence[Member], told: Told) -> None:
    """Write who came beside those who had said yes, and who of them is excused."""
    said_yes = {one.id: one for one in yes}
    there = {one.id for one in (*told.came, *told.ran)}
    excused = {one.id for one in told.excused}
    no_more = _excused(turn, gathering) - excused - there
    forget(turn, gathering, "roll", told_by(turn, gathering, "roll") - set(said_yes))
    again = [said_yes[one] for one in sorted(no_more & set(said_yes))]
    for member in {one.id: one for one in (*again, *told.came, *told.ran, *told.excused)}.values():
        note(turn, gathering, member, "roll", _says(member, there, excused), by=turn.who)
    _write_rest(turn, gathering, told)


def _write_rest(turn: Turn, gathering: Gathering, told: Told) -> None:
    forget(turn, gathering, "lead")
    for member in told.ran:
        note(turn, gathering, member, "lead", "came", by=turn.who)
    # Whoever is not counted is noted nowhere, and yet there was a host.
    unnamed = sum(one.opted_out for one in told.ran)
    gathering.unnamed = max(gathering.unnamed, unnamed)
    gathering.unnamed_hosts = max(gathering.unnamed_hosts, unnamed)
    gathering.guests = told.guests
    occurrence_of(turn, gathering).why = ""


def _says(member: Member, there: Collection[int], excused: Collection[int]) -> Says:
    if member.id in there:
        return "came"
    return "excused" if member.id in excused else "away"


def _excused(turn: Turn, gathering: Gathering) -> set[int]:
    kept = Evidence.gathering_id == gathering.id, Evidence.source == "roll", Evidence.says == "excused"
    return set(turn.db.scalars(select(Evidence.member_id).where(*kept)))
