"""The roll call: whoever ran a gathering says who came, in one form, as often as it takes to be right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.chat import CHOICE_LIMIT, Answer, Problems, Whisper
from bot.tables import Gathering, Member
from bot.turn import Turn, read_number
from rituals.gathering import roll_forms as forms
from rituals.gathering import turnout_messages as messages
from rituals.gathering.closing import renew
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import find, occurrence_of
from rituals.gathering.opening import may_call_roll
from rituals.gathering.record import (
    NOT_HELD,
    Record,
    ends_at,
    forget,
    look,
    note,
    note_calls,
    read_turnout,
    told_by,
    yes_members,
)
from rituals.gathering.roll_forms import PAGE, Others, Ticked
from rituals.gathering.roll_sheet import Told, read_ticks, write_all, write_others, write_page

CORRECTED_FOR = timedelta(days=30)
GONE = "This gathering is not there any more."


def _refuse(turn: Turn, gathering: Gathering) -> str:
    if not may_call_roll(turn, gathering, turn.who):
        return "Only whoever runs it and organizers call the roll."
    if gathering.state == "cancelled":
        return "This gathering was cancelled."
    if turn.now < gathering.starts_at:
        return "The roll can be called once it has begun."
    if turn.now > ends_at(gathering) + CORRECTED_FOR:
        return "This was more than a month ago, so its record stays as it is."
    return ""


def _find_callable(turn: Turn, about: str) -> Gathering | str:
    """Find the gathering whose roll somebody wants to call, or say why they can't."""
    gathering = find(turn, about)
    return GONE if gathering is None else _refuse(turn, gathering) or gathering


# ------------------------------------------------------------------------------------------------ opening it


@ritual.press("roll")
def call_roll(turn: Turn) -> Answer:
    """Open the roll call, ticked where somebody is known to be there; a long one comes in pages."""
    gathering = _find_callable(turn, turn.about)
    if isinstance(gathering, str):
        return Whisper(gathering)
    note_calls(turn, gathering)
    found, yes = look(turn, gathering), yes_members(turn, gathering)
    if len(yes) > CHOICE_LIMIT:
        return messages.roll_pages(gathering.title, _pages(gathering, yes), gathering.id, turn.action)
    others = _others(turn, gathering, found)
    return forms.roll_form(_ticked(yes, found), others, turn.action("roll", gathering.id))


@ritual.press("roll-page")
def open_page(turn: Turn) -> Answer:
    """Open one page of a long roll call."""
    number, _, bounds = turn.about.partition("/")
    gathering = _find_callable(turn, number)
    if isinstance(gathering, str):
        return Whisper(gathering)
    page = _on_page(yes_members(turn, gathering), bounds)
    if not page:
        return Whisper("Nobody is on this page any more.")
    note_calls(turn, gathering)
    return forms.page_form(_ticked(page, look(turn, gathering)), turn.action("roll-page", turn.about))


@ritual.press("roll-others")
def open_others(turn: Turn) -> Answer:
    """Open the page of a long roll call for all who had not said yes."""
    gathering = _find_callable(turn, turn.about)
    if isinstance(gathering, str):
        return Whisper(gathering)
    note_calls(turn, gathering)
    others = _others(turn, gathering, look(turn, gathering))
    return forms.others_form(others, turn.action("roll-others", gathering.id))


def _pages(gathering: Gathering, yes: Sequence[Member]) -> list[tuple[str, str]]:
    """Lay those who had said yes on pages, by number: whoever leaves meanwhile moves nobody to another page."""
    ordered = sorted(yes, key=lambda member: member.id)
    pages = [ordered[start : start + PAGE] for start in range(0, len(ordered), PAGE)]
    return [
        (f"Page {count} of {len(pages)}", f"{gathering.id}/{page[0].id}-{page[-1].id}")
        for count, page in enumerate(pages, start=1)
    ]


def _on_page(yes: Sequence[Member], bounds: str) -> list[Member]:
    first, _, last = (read_number(one) for one in bounds.partition("-"))
    return [one for one in yes if first is not None and last is not None and first <= one.id <= last][:PAGE]


def _ticked(yes: Sequence[Member], found: Record) -> list[Ticked]:
    return [Ticked(one.id, one.name, found.of(one).came) for one in yes]


def _others(turn: Turn, gathering: Gathering, found: Record) -> Others:
    leads = told_by(turn, gathering, "lead")
    if not leads and turn.who.id in (gathering.host_id, gathering.co_host_id):
        leads = {turn.who.id}
    # Whoever is down by the roll call alone comes first: the others stay down whether they are ticked or not.
    walk_ins = sorted(found.came - found.yes - leads, key=lambda one: (found.findings[one].source != "roll", one))
    excused = [one for one, finding in found.findings.items() if finding.says == "excused"]
    return Others(
        came=_people(turn, walk_ins),
        guests=gathering.guests,
        excused=_people(turn, excused),
        ran=_people(turn, sorted(leads)),
    )


def _people(turn: Turn, ids: Collection[int]) -> tuple[str, ...]:
    return tuple(turn.member(one).person for one in ids)


# ------------------------------------------------------------------------------------------------ filing it


@ritual.submit("roll")
def file_roll(turn: Turn) -> Answer:
    """Write down who came; filed again, it corrects what was written down."""
    gathering = _find_callable(turn, turn.about)
    if isinstance(gathering, str):
        return Problems({"": gathering})
    answers = turn.answers
    yes = yes_members(turn, gathering)
    ticked = read_ticks(answers, yes)
    told = Told(turn, answers)
    if told.problem(ticked):
        return Problems(told.problems)
    write_all(turn, gathering, yes, told, ticked)
    gathering.rolled_at = turn.now
    return _written(turn, gathering)


@ritual.submit("roll-page")
def file_page(turn: Turn) -> Answer:
    """Write down who came of one page."""
    number, _, bounds = turn.about.partition("/")
    gathering = _find_callable(turn, number)
    if isinstance(gathering, str):
        return Problems({"": gathering})
    yes = yes_members(turn, gathering)
    page = _on_page(yes, bounds)
    write_page(turn, gathering, page, read_ticks(turn.answers, page))
    if {one.id for one in yes} <= told_by(turn, gathering, "roll"):
        gathering.rolled_at = turn.now
    return _written(turn, gathering)


@ritual.submit("roll-others")
def file_others(turn: Turn) -> Answer:
    """Write down who came beside those who had said yes."""
    gathering = _find_callable(turn, turn.about)
    if isinstance(gathering, str):
        return Problems({"": gathering})
    told = Told(turn, turn.answers)
    if told.problem(()):
        return Problems(told.problems)
    write_others(turn, gathering, yes_members(turn, gathering), told)
    return _written(turn, gathering)


@ritual.press("nobody")
def nobody_came(turn: Turn) -> Answer:
    """Write down that nobody came but whoever waited for them, which is an answer like any other."""
    gathering = _find_callable(turn, turn.about)
    if isinstance(gathering, str):
        return Whisper(gathering)
    forget(turn, gathering, "roll")
    alone = {turn.who.id} if turn.who.id in (gathering.host_id, gathering.co_host_id) else set()
    for member in yes_members(turn, gathering):
        note(turn, gathering, member, "roll", "came" if member.id in alone else "away", by=turn.who)
    gathering.guests = gathering.unnamed = 0
    gathering.rolled_at = turn.now
    occurrence_of(turn, gathering).why = ""
    return _written(turn, gathering)


@ritual.press("not-held")
def did_not_happen(turn: Turn) -> Answer:
    """Write down that it did not happen: then nobody was away from it, and nobody was there, whoever was seen."""
    gathering = _find_callable(turn, turn.about)
    if isinstance(gathering, str):
        return Whisper(gathering)
    forget(turn, gathering, "roll")
    forget(turn, gathering, "lead")
    gathering.guests = 0
    gathering.rolled_at = turn.now
    occurrence_of(turn, gathering).why = NOT_HELD
    return _written(turn, gathering)


def _written(turn: Turn, gathering: Gathering) -> Whisper:
    found = renew(turn, gathering)
    turnout = read_turnout(turn, gathering)
    return messages.rolled(turnout, held=found.held, hosted=found.hosted, number=gathering.id, action=turn.action)
