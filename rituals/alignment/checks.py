"""The alignment checks of a movement: which one runs, what it asks, and the post in the channel that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from bot.chat import FIELDS_LIMIT, Message
from bot.marks import count_marks
from bot.missions import first_mission
from bot.people import count_members
from bot.promises import promises_of, spoken_standings, was_never_made
from bot.tables import Mission, Occurrence
from bot.turn import Turn, read_number
from rituals.alignment import messages, views
from rituals.alignment.activities import MISSION
from rituals.alignment.declaration import LAST_DAY
from rituals.alignment.tables import Activity, Check, Proposal, Rating

Found = tuple[Occurrence, Check]


def scope_of(occurrence: Occurrence, page: int = 1) -> str:
    """Name what raters are marked for: each form by itself, so that the second one is not lost with a whisper."""
    return f"alignment:{occurrence.id}" if page == 1 else f"alignment:{occurrence.id}:{page}"


def pages(activities: Sequence[Activity]) -> list[list[Activity]]:
    """Share what is rated among as few forms as hold it, evenly."""
    count = -(-len(activities) // FIELDS_LIMIT)
    size = -(-len(activities) // count)
    return [list(activities[start : start + size]) for start in range(0, len(activities), size)]


def find_check(turn: Turn, written: str) -> Found | None:
    """Find a check of this very movement; an action may name any number."""
    number = read_number(written)
    if number is None:
        return None
    occurrence, check = turn.db.get(Occurrence, number), turn.db.get(Check, number)
    if occurrence is None or check is None or occurrence.movement_id != turn.movement.id:
        return None
    return occurrence, check


def find_running(turn: Turn, *phases: str) -> Found | None:
    """Find the check that is under way, in any phase or in one of these."""
    row = turn.db.execute(
        select(Occurrence, Check)
        .join(Check, Check.occurrence_id == Occurrence.id)
        .where(
            Occurrence.movement_id == turn.movement.id,
            Check.phase.in_(phases or ("prepare", "rate", "choose")),
        )
        .order_by(Occurrence.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row is not None else None


def activities_of(turn: Turn, occurrence: Occurrence) -> list[Activity]:
    """List what a check asks about, in order; the mission question comes last."""
    of_it = select(Activity).where(Activity.occurrence_id == occurrence.id)
    return list(turn.db.scalars(of_it.order_by(Activity.position)))


def find_activity(turn: Turn, written: str) -> tuple[Found, Activity] | None:
    """Find an activity of a check of this movement."""
    number = read_number(written)
    activity = turn.db.get(Activity, number) if number is not None else None
    found = find_check(turn, str(activity.occurrence_id)) if activity is not None else None
    return (found, activity) if found is not None and activity is not None else None


def before(turn: Turn, occurrence: Occurrence) -> Occurrence | None:
    """Find the check before this one that was rated or talked about."""
    return turn.db.scalar(
        select(Occurrence)
        .join(Check, Check.occurrence_id == Occurrence.id)
        .where(
            Occurrence.movement_id == turn.movement.id,
            Occurrence.id != occurrence.id,
            Occurrence.state.in_(("held", "missed")),
            Occurrence.planned_at <= occurrence.planned_at,
        )
        .order_by(Occurrence.planned_at.desc(), Occurrence.id.desc())
        .limit(1)
    )


def chosen_before(turn: Turn, occurrence: Occurrence) -> list[str]:
    """Tell what was chosen at the last check, and how the promises that came of it stand."""
    last = before(turn, occurrence)
    if last is None:
        return []
    adopted = turn.db.execute(
        select(Activity, Proposal)
        .join(Proposal, Proposal.activity_id == Activity.id)
        .where(Activity.occurrence_id == last.id, Proposal.state == "adopted")
        .order_by(Activity.position)
    ).all()
    # Who was put down for one and said no has said so in private.
    promised = {promise.about: promise for promise in promises_of(turn, last) if not was_never_made(promise)}
    words = spoken_standings(turn, promised.values())
    lines = []
    for activity, proposal in adopted:
        line = f"{activity.label}: {views.stands(proposal.choice, mission=activity.source == MISSION, state='adopted')}"
        promise = promised.get(f"proposal:{proposal.id}")
        if promise is not None:
            line += f". {promise.what} ({words[promise.id]})"
        lines.append(line)
    return lines


def asked(turn: Turn, occurrence: Occurrence, check: Check) -> messages.Asked:
    """Gather what a check asks about."""
    mission = turn.db.get_one(Mission, check.mission_id)
    return messages.Asked(
        mission=mission.words,
        version=mission.version,
        activities=[(one.label, one.told) for one in activities_of(turn, occurrence) if one.source != MISSION],
        chosen=chosen_before(turn, occurrence),
    )


def count_raters(turn: Turn, occurrence: Occurrence, check: Check) -> int:
    """Count those who have rated; never who."""
    if check.phase != "rate":
        return check.raters
    if check.way == "anonymous":
        return count_marks(turn, scope_of(occurrence))
    signed = (
        select(func.count(Rating.voter.distinct()))
        .join(Activity, Activity.id == Rating.activity_id)
        .where(Activity.occurrence_id == occurrence.id)
    )
    return turn.db.scalar(signed) or 0


def possible_raters(turn: Turn) -> int:
    """Count those who could rate."""
    return count_members(turn.db, turn.movement.id)


def day_of(turn: Turn, occurrence: Occurrence) -> str:
    """Name a check by the day on which it opened."""
    return turn.spoken_date(occurrence.opened_at or occurrence.planned_at)


def board_key(occurrence: Occurrence) -> str:
    """Name the post in the channel."""
    return f"board:{occurrence.id}"


def show_board(turn: Turn, occurrence: Occurrence, check: Check) -> None:
    """Make the channel's post show how things stand."""
    turn.show(board_key(occurrence), lambda: _board(turn, occurrence, check), about=str(occurrence.id))


def _board(turn: Turn, occurrence: Occurrence, check: Check) -> Message:
    rating = check.phase == "rate" and occurrence.closes_at is not None
    raters = count_raters(turn, occurrence, check)
    view = messages.Board(
        day=day_of(turn, occurrence),
        asked=asked(turn, occurrence, check),
        way=check.way,
        rated=raters,
        closes=turn.moment(occurrence.closes_at) if rating and occurrence.closes_at else None,
        last_day=rating and occurrence.closes_at is not None and occurrence.closes_at - turn.now <= LAST_DAY,
        over=_over(check, raters),
    )
    return messages.board(view, occurrence.id, turn.action)


def _over(check: Check, raters: int) -> str:
    if check.way == "talk":
        return (
            "We are few, so nobody rates: we talk, and choose in the thread."
            if check.phase == "choose"
            else "This check is over."
        )
    if check.phase == "choose":
        return f"{messages.rated(raters)}. The results are in the thread, and there we choose what to do with each."
    return f"{messages.rated(raters)}. This check is over; what came of it is in the thread."


def mission_of(turn: Turn, check: Check) -> Mission:
    """Find the words that a check asked about, whatever the mission is by now."""
    return turn.db.get_one(Mission, check.mission_id)


def has_mission(turn: Turn) -> bool:
    """Tell whether the mission is written down."""
    return first_mission(turn) is not None


def labels(activities: Sequence[Activity]) -> list[tuple[int, str]]:
    """Number what is rated, as the forms show it."""
    return [(one.position, one.label) for one in activities]
