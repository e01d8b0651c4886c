"""What /rituals shows: each ritual, when it comes next, and who sees to it."""

from __future__ import annotations

from bot import practices
from bot.chat import Answer, Whisper
from bot.tables import Member, Practice
from bot.turn import Turn
from rituals.schedule import messages
from rituals.schedule.practised import about_next, ritual


@ritual.command("rituals", "See your rituals and when they come next")
def show_rituals(turn: Turn) -> Answer:
    """List the rituals; organizers get the buttons that change them."""
    shown = practices.practices(turn.db, turn.movement)[: messages.MOST_SHOWN]
    if not shown:
        return Whisper("Your movement has no rituals yet.")
    return messages.rituals_shown([_shown(turn, one) for one in shown], turn.action, changing=turn.who.role != "member")


def _shown(turn: Turn, practice: Practice) -> messages.Shown:
    known = turn.rituals.by_name.get(practice.ritual)
    return messages.Shown(
        title=f"{practice.ritual.capitalize()}: {known.about}" if known else f"{practice.ritual.capitalize()}.",
        plan=practices.spoken_plan(turn.movement, practice, now=turn.now),
        owner=_name(turn, practice.owner_id),
        understudy=_name(turn, practice.understudy_id),
        row=row_of(practice),
    )


def row_of(practice: Practice) -> messages.Row:
    """Tell which buttons a ritual has."""
    return messages.Row(
        practice_id=practice.id,
        next_one=about_next(practice) if practice.next_at is not None else "",
        paused=practice.paused_at is not None,
    )


def _name(turn: Turn, member_id: int | None) -> str:
    if member_id is None:
        return ""
    member = turn.db.get(Member, member_id)
    return member.name if member is not None and member.left_at is None else ""
