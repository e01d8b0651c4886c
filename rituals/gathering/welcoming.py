"""Welcoming newcomers: who came for the first time is asked in private, and named in the channel only with a yes."""

from __future__ import annotations

from sqlalchemy import select

from bot.chat import Answer, Whisper
from bot.insights.anonymity import may_offer
from bot.tables import Act, Gathering, Member
from bot.turn import Turn
from rituals.gathering import after_messages as messages
from rituals.gathering import notes_promise
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import card_key, find, occurrence_of
from rituals.gathering.record import Record, look
from rituals.gathering.turnout_messages import NOT_THERE

SETTLED = Whisper("This is settled already. Thank you for coming.")


def is_new(turn: Turn, gathering: Gathering, member: Member, found: Record) -> bool:
    """Tell whether somebody came for the first time ever; whoever ran it or organizes needs no welcome."""
    if not found.of(member).came or member.id in found.hosts or member.role != "member":
        return False
    earlier = (
        select(Act.id)
        .where(Act.member_id == member.id, Act.kind == "attended", Act.at < gathering.starts_at)
        .where(Act.occurrence_id.is_distinct_from(gathering.occurrence_id))
    )
    return member.id not in gathering.welcomed and turn.db.scalar(earlier.limit(1)) is None


def letter_key(gathering: Gathering, member: Member) -> str:
    """Name the one private message that somebody gets after a gathering."""
    return f"after:{gathering.id}:{member.id}"


def show_letter(turn: Turn, gathering: Gathering, member: Member, found: Record, *, first: bool) -> None:
    """Show somebody who came what they are asked; ``first`` asks about a welcome, too."""
    view = messages.came(
        turn.movement.name,
        gathering.title,
        gathering.id,
        turn.action,
        notes_due=notes_promise.find_due(turn, gathering, member),
        first=first,
        # Among so few a line without a name has one all the same.
        nameless=may_offer(len(found.came)),
    )
    turn.dm(member, letter_key(gathering, member), view, about=str(gathering.id))


@ritual.press("welcome")
def say_yes(turn: Turn) -> Answer:
    """Welcome somebody by name, under the card."""
    gathering, found = _asked(turn)
    if gathering is None or found is None:
        return NOT_THERE if gathering is None else SETTLED
    gathering.welcomed = [*gathering.welcomed, turn.who.id]
    show_letter(turn, gathering, turn.who, found, first=False)
    show_welcome(turn, gathering)
    return Whisper("Thank you. I welcome you by name under its card in the channel.")


@ritual.press("no-welcome")
def say_no(turn: Turn) -> Answer:
    """Say nothing of somebody who would rather not be named."""
    gathering, found = _asked(turn)
    if gathering is None or found is None:
        return NOT_THERE if gathering is None else SETTLED
    show_letter(turn, gathering, turn.who, found, first=False)
    return Whisper("All right, nobody reads your name. It is good that you came.")


def _asked(turn: Turn) -> tuple[Gathering | None, Record | None]:
    """Find the gathering, and what is known of it if whoever acts may still be welcomed there."""
    gathering = find(turn, turn.about)
    if gathering is None or gathering.state != "over" or turn.who.opted_out:
        return gathering, None
    found = look(turn, gathering)
    return gathering, found if is_new(turn, gathering, turn.who, found) else None


def show_welcome(turn: Turn, gathering: Gathering) -> None:
    """Show under the card who is welcomed: one message that grows, so that a second yes notifies nobody."""
    if gathering.shown_at is None or not gathering.welcomed:
        return
    turn.show(
        f"welcome:{gathering.id}",
        lambda: messages.welcomed(_names(turn, gathering)),
        under=card_key(gathering),
        about=str(occurrence_of(turn, gathering).id),
    )


def _names(turn: Turn, gathering: Gathering) -> list[str]:
    found = (turn.db.get(Member, one) for one in gathering.welcomed)
    return [
        one.name
        for one in found
        if one is not None and one.movement_id == turn.movement.id and not one.opted_out and one.left_at is None
    ]


def welcome_no_more(turn: Turn, gathering: Gathering, found: Record) -> None:
    """Take out of a welcome who turns out not to have been there."""
    there = [one for one in gathering.welcomed if one in found.came]
    if there != gathering.welcomed:
        show_welcome(turn, gathering)
        gathering.welcomed = there


def forget_welcomed(turn: Turn, gathering: Gathering) -> None:
    """Name nobody in a welcome who is forgotten or counted no more."""
    if gathering.welcomed:
        there = (turn.db.get(Member, one) for one in gathering.welcomed)
        show_welcome(turn, gathering)
        gathering.welcomed = [one.id for one in there if one is not None and not one.opted_out]
