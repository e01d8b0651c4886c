"""Changing and cancelling: one, this and following, or all; who wanted to come is told at once, and only they."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from bot.cadence import CadenceError, read_cadence
from bot.chat import Answer, Message, Problems, Whisper
from bot.people import away_ids, find_present
from bot.tables import Gathering, Member, Series
from bot.turn import Answers, Turn
from rituals.gathering import announcing, forms, views
from rituals.gathering.announcing import read_capacity, read_length, read_when, read_where
from rituals.gathering.answered import said
from rituals.gathering.declaration import IN_GOOD_TIME, KINDS, PURPOSES, TITLE_MOST, WORDS_MOST, ritual
from rituals.gathering.forms import Filled
from rituals.gathering.gatherings import COMING, find, may_change, occurrence_of, read_shown, show_card
from rituals.gathering.hosting import NOT_THERE, SETTLED, find_host, is_ahead, note_change
from rituals.gathering.planning import clock_note, is_taken, make_room, plan_timers, practice_of, unplan_timers
from rituals.gathering.recurring import begin_anew, drop_unseen, end_at, follow_rhythm
from rituals.gathering.seats import hosts_of
from rituals.gathering.series import coming, find_series, make_ahead
from rituals.gathering.times import not_yet
from rituals.gathering.venues import Where, write_place
from rituals.gathering.waiting import note_capacity, waits_first

Scope = Literal["one", "following", "all"]
NOT_YOURS = "Only its hosts, who announced it, and organizers can change it."
# What stays as it is once it has begun.
STAYS = {
    "change": f"{SETTLED}, so its time and place stay as they were.",
    "details": f"{SETTLED}, so its details stay as they are.",
    "cancel": f"{SETTLED}, so it can't be cancelled any more. If it did not happen, the roll call can say so.",
}


@dataclass(frozen=True, slots=True)
class Meant:
    """What somebody wants to change: a gathering, and how far the change reaches in its series."""

    gathering: Gathering
    scope: Scope
    series: Series | None

    @property
    def about(self) -> str:
        """Write it down for an action."""
        return f"{self.gathering.id}/{self.scope}"


def _read(turn: Turn, verb: str) -> Meant | str | None:
    """Read what is meant; a sentence says why it can't be changed, nothing is there if it never was."""
    number, _, scope = turn.about.partition("/")
    gathering = find(turn, number)
    if gathering is None:
        return None
    if not may_change(turn, gathering):
        return NOT_YOURS
    if not is_ahead(turn, gathering):
        return STAYS[verb]
    series = find_series(turn, gathering)
    if series is None or scope not in ("one", "following", "all"):
        return Meant(gathering, "one", None if not scope else series)
    return Meant(gathering, cast("Scope", scope), series)


def _open(turn: Turn, verb: str, form: Callable[[Turn, Meant], Answer]) -> Answer:
    """Open a form, after asking which ones are meant where it is one of several to come."""
    meant = _read(turn, verb)
    if meant is None:
        return NOT_THERE
    if isinstance(meant, str):
        return Whisper(meant)
    series = find_series(turn, meant.gathering)
    if series is not None and "/" not in turn.about and len(coming(turn, series)) > 1:
        return views.which(read_shown(turn, meant.gathering), verb, turn.action)
    return form(turn, meant)


def _meant_by_form(turn: Turn, verb: str) -> Meant | Problems:
    meant = _read(turn, verb)
    if isinstance(meant, Meant):
        return meant
    return Problems({"": meant or "This gathering is not there any more."})


# ------------------------------------------------------------------------------------------------ time and place


@ritual.press("change")
def open_change(turn: Turn) -> Answer:
    """Ask for a new time and place."""
    return _open(turn, "change", _change_form)


def _change_form(turn: Turn, meant: Meant) -> Answer:
    gathering, series = meant.gathering, meant.series
    filled = Filled(
        when=announcing.picked(turn, gathering.starts_at),
        minutes=f"{gathering.minutes}m",
        where=write_place(Where(gathering.place_kind, gathering.place)),
        capacity=str(gathering.capacity or ""),
        words=gathering.words,
        again=series.cadence if series is not None else "",
    )
    action = turn.action("change", meant.about)
    return forms.change_form(filled, action) if meant.scope == "one" else forms.change_series_form(filled, action)


@ritual.submit("change")
def change(turn: Turn) -> Answer:
    """Change time and place, and tell who wanted to come."""
    meant = _meant_by_form(turn, "change")
    if isinstance(meant, Problems):
        return meant
    return _change_one(turn, meant.gathering) if meant.scope == "one" else _change_several(turn, meant)


def _change_one(turn: Turn, gathering: Gathering) -> Answer:
    answers = turn.answers
    starts_at = read_when(turn, answers)
    minutes = read_length(answers)
    where = read_where(answers)
    capacity = read_capacity(answers)
    words = answers.words("words", most=WORDS_MOST, required=False)
    if starts_at is not None and is_taken(turn, gathering.title, starts_at, but=gathering):
        answers.problems.setdefault("when", announcing.TAKEN)
    if answers.problems or starts_at is None:
        return Problems(answers.problems)
    was = gathering.starts_at
    gathering.words = words
    changes = _apply(turn, gathering, starts_at, minutes, where)
    note = _set_capacity(turn, gathering, capacity)
    note_change(turn, gathering)
    told = _tell(turn, [gathering], changes, was) if changes else 0
    series = find_series(turn, gathering)
    if series is not None:
        make_ahead(turn, series)
    note = f"{clock_note(starts_at, turn.zone)} {note}".strip()
    return views.saved(read_shown(turn, gathering), spoken_told(told, changed=bool(changes)), note)


def _change_several(turn: Turn, meant: Meant) -> Answer:
    series = meant.series
    assert series is not None  # noqa: S101 - only a series has several
    answers = turn.answers
    again = answers.line("again", most=forms.CADENCE_MOST)
    minutes = read_length(answers)
    where = read_where(answers)
    capacity = read_capacity(answers)
    cadence = _read_cadence(again, answers.problems) if again else ""
    if answers.problems:
        return Problems(answers.problems)
    series, those = _reach(turn, meant, series)
    was = those[0].starts_at
    times = {one.id: one.starts_at for one in those}
    if cadence != series.cadence:
        those = follow_rhythm(turn, series, those, cadence)
    series.minutes, series.place_kind, series.place, series.capacity = minutes, where.kind, where.place, capacity
    changes = [_apply(turn, one, one.starts_at, minutes, where, was=times[one.id]) for one in those]
    notes = [_set_capacity(turn, one, capacity) for one in those]
    for one in those:
        note_change(turn, one)
    _note_series(turn, series)
    make_ahead(turn, series)
    changed = next((one for one in changes if one), None)
    told = _tell(turn, those, changed, was) if changed else 0
    note = next((one for one in notes if one), "")
    return views.saved(read_shown(turn, those[0]), spoken_told(told, changed=bool(changed)), note)


def _read_cadence(written: str, problems: dict[str, str]) -> str:
    try:
        cadence = read_cadence(written)
    except CadenceError as error:
        problems["again"] = str(error)
        return ""
    if not cadence.rule:
        problems["again"] = "Write how often it comes, such as 'every other tuesday 18:00'."
    return str(cadence)


def _reach(turn: Turn, meant: Meant, series: Series) -> tuple[Series, list[Gathering]]:
    """Give the series that is to be changed, and its gatherings from where on; what is past stays as it was."""
    first = meant.gathering if meant.scope == "following" else coming(turn, series)[0]
    if first.slot is None or first.slot <= series.anchor:
        return series, coming(turn, series)
    fresh = begin_anew(turn, series, first.slot)
    return fresh, coming(turn, fresh)


def _note_series(turn: Turn, series: Series) -> None:
    series.revision += 1
    series.changed_at = turn.now
    turn.db.flush()


@dataclass(frozen=True, slots=True)
class _Changes:
    moved: bool
    longer: bool
    elsewhere: bool

    def __bool__(self) -> bool:
        return self.moved or self.longer or self.elsewhere


def _apply(
    turn: Turn, gathering: Gathering, starts_at: datetime, minutes: int, where: Where, *, was: datetime | None = None
) -> _Changes:
    """Write a new time and place down; its times follow."""
    changes = _Changes(
        moved=starts_at != (was or gathering.starts_at),
        longer=minutes != gathering.minutes,
        elsewhere=where != Where(gathering.place_kind, gathering.place),
    )
    if starts_at != gathering.starts_at:
        occurrence = occurrence_of(turn, gathering)
        make_room(turn, occurrence.practice_id, starts_at)
        occurrence.planned_at = starts_at
        gathering.starts_at = starts_at
    if changes.moved:
        # A yes was to the old time.
        is_mine = gathering.host_id == turn.who.id
        gathering.host_confirmed_at = turn.now if is_mine else None
        not_yet(turn, gathering)
    gathering.minutes = minutes
    gathering.place_kind, gathering.place = where.kind, where.place
    turn.db.flush()
    if changes:
        plan_timers(turn, gathering)
    return changes


def _set_capacity(turn: Turn, gathering: Gathering, capacity: int | None) -> str:
    if capacity == gathering.capacity:
        return ""
    gathering.capacity = capacity
    turn.db.flush()
    return note_capacity(turn, gathering)


# ------------------------------------------------------------------------------------------------ telling


def _tell(turn: Turn, those: Sequence[Gathering], changes: _Changes, was: datetime) -> int:
    first = those[0]

    def view(member: Member) -> Message:
        return views.changed(
            turn.movement.name,
            read_shown(turn, first),
            turn.moment(was) if changes.moved else None,
            Where(first.place_kind, first.place) if changes.elsewhere else None,
            turn.action,
            several=len(those) > 1,
            hosts=next((one.id for one in those if member.id in hosts_of(one)), None),
        )

    return tell(turn, those, f"changed:{first.id}:{first.revision}", view)


def tell(turn: Turn, those: Sequence[Gathering], key: str, view: Callable[[Member], Message]) -> int:
    """Tell everybody who may come to any of these, and their hosts, once; not who acts."""
    told: dict[int, Member] = {}
    for gathering in those:
        host = find_host(turn, gathering)
        co_host = turn.db.get(Member, gathering.co_host_id) if gathering.co_host_id is not None else None
        hosts = [one for one in (host, co_host) if one is not None and one.left_at is None]
        told |= {one.id: one for one in (*said(turn, gathering, *COMING), *hosts)}
    told.pop(turn.who.id, None)
    for member in told.values():
        # Also in somebody's night: they may have to get up for it, or no longer.
        turn.dm(member, f"{key}:{member.id}", view(member), about=str(those[0].id), at_once=True)
    return len(told)


def spoken_told(told: int, *, changed: bool) -> str:
    """Say how many were told."""
    if not changed:
        return "Nobody had to be told."
    said = {0: "Nobody else may come yet, so nobody was told.", 1: "1 person was told in private."}
    return said.get(told, f"{told} people were told in private.")


# ------------------------------------------------------------------------------------------------ details


@ritual.press("details")
def open_details(turn: Turn) -> Answer:
    """Ask for name, kind, purpose and co-host."""
    return _open(turn, "details", _details_form)


def _details_form(turn: Turn, meant: Meant) -> Answer:
    gathering = meant.gathering
    co_host = turn.db.get(Member, gathering.co_host_id) if gathering.co_host_id is not None else None
    filled = Filled(
        title=gathering.title,
        kind=gathering.kind,
        purpose=gathering.purpose,
        co_host=co_host.person if co_host is not None and co_host.left_at is None else "",
    )
    return forms.details_form(filled, turn.action("details", meant.about))


@ritual.submit("details")
def change_details(turn: Turn) -> Answer:
    """Change name, kind, purpose and co-host; nobody is told but a new co-host."""
    meant = _meant_by_form(turn, "details")
    if isinstance(meant, Problems):
        return meant
    answers = turn.answers
    title = answers.line("title", most=TITLE_MOST)
    kind, purpose = _pick(answers, "kind", KINDS), _pick(answers, "purpose", PURPOSES)
    co_host = _read_co_host(turn, answers, meant.gathering)
    series, those = meant.series, [meant.gathering]
    if meant.scope != "one" and series is not None:
        # What would be refused must not split the series.
        those = coming(turn, series, since=meant.gathering.slot if meant.scope == "following" else None)
    if "title" not in answers.problems and any(is_taken(turn, title, one.starts_at, but=one) for one in those):
        answers.problems["title"] = announcing.TAKEN
    if answers.problems:
        return Problems(answers.problems)
    if meant.scope != "one" and series is not None:
        series, those = _reach(turn, meant, series)
        series.title, series.kind, series.purpose = title, kind or series.kind, purpose or series.purpose
        series.co_host_id = co_host.id if co_host is not None else None
        series.practice_id = practice_of(turn, title, owner_id=turn.who.id).id
        _note_series(turn, series)
    new = co_host is not None and co_host.id not in (meant.gathering.co_host_id, turn.who.id)
    for one in those:
        _rename(turn, one, title)
        one.kind, one.purpose = kind or one.kind, purpose or one.purpose
        hosted = hosts_of(one)
        one.co_host_id = co_host.id if co_host is not None and co_host.id != one.host_id else None
        waits_first(turn, one, hosted)
        note_change(turn, one)
    shown = read_shown(turn, meant.gathering)
    if co_host is not None and new:
        view = views.co_hosting(turn.movement.name, shown, turn.who.name, turn.action)
        turn.dm(co_host, f"co-host:{meant.gathering.id}:{co_host.id}", view, about=str(meant.gathering.id))
    return views.saved(shown, f"{co_host.name} was told." if co_host is not None and new else "", "")


def _pick(answers: Answers, name: str, offered: Collection[str]) -> str:
    """Read what was picked; whoever sends it may send anything."""
    picked = answers.one(name)
    return picked if picked in offered else ""


def _read_co_host(turn: Turn, answers: Answers, gathering: Gathering) -> Member | None:
    person = answers.one("co-host")
    if not person:
        return None
    co_host = find_present(turn.db, turn.movement, person)
    if co_host is None:
        answers.problems["co-host"] = "Please choose a member of this movement."
    elif co_host.id == gathering.host_id:
        answers.problems["co-host"] = f"{co_host.name} is the host. Please choose somebody else."
    elif co_host.id != gathering.co_host_id and away_ids(turn.db, [co_host.id], at=turn.now):
        answers.problems["co-host"] = f"{co_host.name} is away now. Please choose somebody else."
    return co_host


def _rename(turn: Turn, gathering: Gathering, title: str) -> None:
    practice = practice_of(turn, title, owner_id=turn.who.id)
    occurrence = occurrence_of(turn, gathering)
    if occurrence.practice_id != practice.id:
        make_room(turn, practice.id, occurrence.planned_at)
        occurrence.practice_id = practice.id
    gathering.title = title
    turn.db.flush()


# ------------------------------------------------------------------------------------------------ cancelling


@ritual.press("cancel")
def open_cancel(turn: Turn) -> Answer:
    """Ask why, which may stay open."""
    return _open(turn, "cancel", lambda turn, meant: forms.cancel_form(turn.action("cancel", meant.about)))


@ritual.submit("cancel")
def cancel(turn: Turn) -> Answer:
    """Cancel one, this and those that follow, or all that are to come."""
    meant = _meant_by_form(turn, "cancel")
    if isinstance(meant, Problems):
        return meant
    answers = turn.answers
    why = answers.line("why", most=forms.WHY_MOST, required=False)
    if answers.problems:
        return Problems(answers.problems)
    those, series = [meant.gathering], find_series(turn, meant.gathering)
    if meant.scope != "one" and series is not None:
        first = meant.gathering.slot if meant.scope == "following" else None
        those = end_at(turn, series, first)
        those = [meant.gathering, *drop_unseen(turn, [one for one in those if one.id != meant.gathering.id])]
    view = views.called_off(turn.movement.name, read_shown(turn, meant.gathering), why, several=meant.scope != "one")
    told = tell(turn, those, f"called-off:{meant.gathering.id}", lambda _member: view) if those else 0
    for one in those:
        call_off(turn, one, why)
    if series is not None:
        _note_series(turn, series)
        make_ahead(turn, series)
    return views.cancelled(read_shown(turn, meant.gathering), told, several=meant.scope != "one")


def call_off(turn: Turn, gathering: Gathering, why: str) -> None:
    """Cancel one. An hour ahead nobody had set out yet; later it counts as missed."""
    not_yet(turn, gathering)
    occurrence = occurrence_of(turn, gathering)
    occurrence.state = "excused" if gathering.starts_at - turn.now >= IN_GOOD_TIME else "missed"
    occurrence.why = "called off"
    unplan_timers(turn, gathering)
    gathering.state = "cancelled"
    gathering.why = why
    note_change(turn, gathering)
    show_card(turn, gathering)
