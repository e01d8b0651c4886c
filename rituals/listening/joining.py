"""What /listen does: whoever wants to be in the rounds says so, and stops when they like; organizers start a round."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.chat import Answer, Blank, Whisper
from bot.people import ORGANIZERS, present
from bot.plain import tidy_line
from bot.practices import find_practice
from bot.tables import Member
from bot.turn import Turn
from rituals.listening import closing, messages, opening, views
from rituals.listening.coverage import spoken_coverage
from rituals.listening.declaration import ritual
from rituals.listening.opening import find_running
from rituals.listening.shown import show
from rituals.listening.tables import Listener
from rituals.listening.talks import find_open

WHAT_IT_IS = (
    "Listening rounds: you are put together with one other person for half an hour of listening, with times and "
    "questions to choose from. Who listens to whom, and what is said, stays between the two. You can stop at any time."
)


@ritual.command(
    "listen",
    "Half an hour of listening with one other person",
    usage="[in | stop]",
    organizers_usage="[in | stop | now | end]",
    blank=Blank("do", "Come in or stop; for organizers: start or end a round", ("in", "stop", "now", "end")),
)
def listen(turn: Turn) -> Answer:
    """Tell somebody how they stand to the rounds, or do what they typed."""
    word = tidy_line(turn.words).lower()
    if word == "in":
        return join(turn)
    if word == "stop":
        return stop(turn)
    if word in ("now", "end"):
        if turn.who.role not in ORGANIZERS:
            return Whisper("Only an organizer can do this.")
        return opening.start_now(turn) if word == "now" else closing.end_now(turn)
    if word:
        return Whisper("I know /listen, /listen in and /listen stop, and for organizers /listen now and /listen end.")
    return show_status(turn)


def show_status(turn: Turn) -> Answer:
    """Tell somebody how they stand to the rounds."""
    mine = turn.db.get(Listener, turn.who.id)
    running = find_running(turn)
    organizes = turn.who.role in ORGANIZERS
    talk = find_open(turn, turn.who)
    lines = [WHAT_IT_IS] if mine is None else [f"You are in the listening rounds. {_next(turn)}"]
    if mine is not None and not turn.who.asks:
        lines.append("You asked not to be asked for anything, so you are left out until you change that with /me.")
    lines.append(f"{_counted(count_listeners(turn))} to listen.")
    if organizes:
        lines.append(spoken_coverage(turn))
    view = views.Status(
        lines=lines,
        listens=mine is not None,
        organizes=organizes,
        running=running is not None,
        talk=show(turn, talk, turn.who) if talk is not None else None,
    )
    return views.status(view, turn.action)


def _next(turn: Turn) -> str:
    practice = find_practice(turn.db, turn.movement, ritual.name)
    if practice is not None and practice.next_at is not None:
        return f"The next round begins {turn.spoken(practice.next_at)}."
    return "An organizer starts the next round."


def _counted(people: int) -> str:
    return {0: "Nobody has said yet that they want", 1: "One person wants"}.get(people, f"{people} people want")


def count_listeners(turn: Turn) -> int:
    """Count who wants to be in the rounds."""
    those = select(func.count()).select_from(Listener).join(Member, Member.id == Listener.member_id)
    return turn.db.scalar(those.where(present(turn.movement.id))) or 0


@ritual.press("join")
def join(turn: Turn) -> Answer:
    """Let somebody into the rounds."""
    if turn.who.opted_out:
        return Whisper("You asked to be left out of everything that is counted. Change that with /me first.")
    if turn.db.get(Listener, turn.who.id) is None:
        turn.practice()
        turn.db.add(Listener(member_id=turn.who.id, since=turn.now, waits=0))
        turn.db.flush()
    return show_status(turn)


@ritual.press("stop")
def stop(turn: Turn) -> Answer:
    """Let somebody out of the rounds; a talk that they have agreed to stays theirs to call off."""
    mine = turn.db.get(Listener, turn.who.id)
    if mine is None:
        return Whisper("You are in no listening round. /listen in lets you in.")
    turn.db.delete(mine)
    turn.db.flush()
    talk = find_open(turn, turn.who)
    names = messages.listed([one.name for one in talk.others(turn.who)]) if talk is not None else ""
    rest = f" This round you are still with {names}; Not this time calls it off." if names else ""
    return Whisper(f"You are in no further round. /listen in lets you in again.{rest}")
