"""What a closed check came to: verdicts, agreement and change in words and as a picture, and the reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from bot.charts import Scale, ScaleRow, Sign, draw_png, draw_scale
from bot.chat import Answer, Whisper, shorten
from bot.insights.alignment import (
    LEAST_RATINGS,
    Change,
    Drift,
    Reading,
    Verdict,
    compare,
    look_for_drift,
    read_ratings,
    tell_agreement,
)
from bot.insights.numbers import mean
from bot.tables import Member, Occurrence
from bot.turn import Turn, read_number
from rituals.alignment import messages
from rituals.alignment.activities import MISSION
from rituals.alignment.checks import activities_of, before, day_of, find_check
from rituals.alignment.declaration import ritual
from rituals.alignment.signing import signature
from rituals.alignment.tables import Activity, Check, Rating

SIGNS: dict[Verdict, Sign] = {
    "aligned": "yes",
    "off mission": "no",
    "unsure": "open",
    "split": "split",
    "too few answers": "none",
}
SIGNER_ROOM = 60
ENDS = ("not any more", "fully")
SINCE = {"up": "up since last time", "down": "down since last time", "no clear change": "no clear change"}


def tell_results(turn: Turn, occurrence: Occurrence, check: Check) -> messages.Results:
    """Gather what the ratings say; it is told whole, or only that there were too few."""
    activities = activities_of(turn, occurrence)
    if check.way == "signed":
        return _tell_signed(turn, check, activities)
    if check.raters < LEAST_RATINGS:
        return messages.Results(check.raters, shown=False, results=(), drift=Drift())
    read = {one.id: read_ratings(one.figures) for one in activities}
    changes = _changes(turn, occurrence, activities)
    mission = activities[-1]
    drift = look_for_drift(
        [(one.acts, read[one.id]) for one in activities if one is not mission], read[mission.id], changes[mission.id]
    )
    return messages.Results(
        check.raters,
        shown=True,
        results=[messages.Result(_label(one), _say(one, read[one.id], changes[one.id])) for one in activities],
        drift=drift,
        png=draw_png(draw_scale(_draw(turn, occurrence, check, activities))),
        reasons=any(readable_reasons(check, activities)),
    )


def _label(one: Activity) -> str:
    return one.label if one.source == MISSION else f"{one.position}. {one.label}"


def _say(one: Activity, reading: Reading, change: Change) -> str:
    unsure = f", {one.unsure} not sure" if one.unsure >= LEAST_RATINGS else ""
    if reading.verdict == "too few answers":
        return f"too few answers{unsure}."
    since = f", {SINCE[change]}" if change in SINCE else ""
    return f"{mean(tuple(one.figures))} of 5, {reading.verdict}, {tell_agreement(reading, change)}{since}{unsure}."


def _changes(turn: Turn, occurrence: Occurrence, activities: Sequence[Activity]) -> dict[int, Change]:
    """Compare with the check before; an activity is the same one in the ledger, or by its name."""
    last = before(turn, occurrence)
    earlier = {_same(one): one.figures for one in (activities_of(turn, last) if last is not None else ())}
    return {one.id: compare(earlier.get(_same(one), []), one.figures) for one in activities}


def _same(one: Activity) -> str:
    return one.source or f"named:{one.label.casefold()}"


def _draw(turn: Turn, occurrence: Occurrence, check: Check, activities: Sequence[Activity]) -> Scale:
    changes = _changes(turn, occurrence, activities)
    return Scale(
        title="Does what we do serve our mission?",
        about=f"{messages.rated(check.raters)}, {day_of(turn, occurrence)}",
        ends=ENDS,
        rows=[_row(one, changes[one.id]) for one in activities],
        apart=True,
    )


def _row(one: Activity, change: Change) -> ScaleRow:
    reading = read_ratings(one.figures)
    number = "" if one.source == MISSION else str(one.position)
    if reading.verdict == "too few answers":
        return ScaleRow(number, one.label, None, "", "none", "too few", "answers")
    counted = Counter(one.figures)
    return ScaleRow(
        number,
        one.label,
        (counted[1], counted[2], counted[3], counted[4], counted[5]),
        mean(tuple(one.figures)),
        SIGNS[reading.verdict],
        reading.verdict,
        ", ".join([tell_agreement(reading, change), *([change] if change in ("up", "down") else [])]),
    )


def _tell_signed(turn: Turn, check: Check, activities: Sequence[Activity]) -> messages.Results:
    """Tell who rated what, because they chose to sign."""
    rows = turn.db.scalars(select(Rating).where(Rating.activity_id.in_([one.id for one in activities]))).all()
    people = turn.db.scalars(select(Member).where(Member.movement_id == turn.movement.id).order_by(Member.name))
    names = {signature(member.id): shorten(member.name, limit=SIGNER_ROOM) for member in people}
    results = []
    for one in activities:
        mine = {row.voter: row for row in rows if row.activity_id == one.id}
        signed = [(name, mine[voter]) for voter, name in names.items() if voter in mine]
        one.reasons = [f"{name}: {row.reason}" for name, row in signed if row.reason]
        said = ", ".join(f"{name} {row.figure or 'not sure'}" for name, row in signed)
        results.append(messages.Result(_label(one), (said or "nobody rated") + "."))
    reasons = any(one.reasons for one in activities)
    return messages.Results(check.raters, shown=True, results=results, drift=Drift(), reasons=reasons)


def readable_reasons(check: Check, activities: Sequence[Activity]) -> list[tuple[str, str]]:
    """Give the reasons that may be read, with what they are about: without names only where enough people rated."""
    open_ones = [one for one in activities if check.way == "signed" or len(one.figures) >= LEAST_RATINGS]
    return [(_label(one), words) for one in open_ones for words in one.reasons]


@ritual.press("reasons")
def read_reasons(turn: Turn) -> Answer:
    """Show the reasons, a page at a time."""
    written, _, page = turn.about.partition("/")
    found = find_check(turn, written)
    if found is None or found[1].phase not in ("choose", "closed"):
        return Whisper("There are no reasons to read here.")
    entries = readable_reasons(found[1], activities_of(turn, found[0]))
    return messages.reasons(entries, read_number(page) or 0, found[0].id, turn.action)
