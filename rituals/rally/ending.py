"""How a rally ends: at its deadline, earlier, or called off; the channel's post says what it came to."""

from __future__ import annotations

from bot.chat import Answer, Whisper
from bot.tables import Member
from bot.turn import Turn
from rituals.rally import messages
from rituals.rally.declaration import IN_TIME, QUORUM, ritual
from rituals.rally.rallies import ask_of, came_of, find_open, find_rally, occurrence_of, open_rallies, show_rally
from rituals.rally.tables import Rally

SHOWN = 5
OVER = Whisper("This rally is not open any more.")


def show_open(turn: Turn) -> Answer:
    """Show an organizer the rallies that are open."""
    return messages.open_ones(
        [(ask_of(turn, one), came_of(turn, one)) for one in open_rallies(turn)[:SHOWN]], turn.action
    )


@ritual.timer("close")
def close(turn: Turn) -> None:
    """Close a rally at its deadline."""
    rally = find_rally(turn)
    if rally is not None and rally.state == "open":
        _close(turn, rally)


@ritual.press("close", only="organizer")
def close_now(turn: Turn) -> Answer:
    """Close a rally before its deadline."""
    rally = find_open(turn)
    if rally is None:
        return OVER
    turn.cancel("close", rally.id)
    _close(turn, rally)
    return Whisper("Closed. The post in the channel says what it came to.")


def _close(turn: Turn, rally: Rally) -> None:
    """Close: it was held when at least two people did it, and whoever asked for it has started something then."""
    occurrence = occurrence_of(turn, rally)
    rally.state = "closed"
    if occurrence is not None:
        held = came_of(turn, rally).done >= QUORUM
        occurrence.state, occurrence.closed_at = ("held" if held else "missed"), turn.now
        starter = turn.db.get(Member, rally.by_id) if rally.by_id is not None else None
        if held and starter is not None:
            turn.record("initiated", once=f"initiated:{occurrence.id}", member=starter, occurrence=occurrence)
    turn.db.flush()
    show_rally(turn, rally)


@ritual.press("off", only="organizer")
def call_off(turn: Turn) -> Answer:
    """Call a rally off; what was done stays in the record of those who did it."""
    rally = find_open(turn)
    if rally is None:
        return OVER
    occurrence = occurrence_of(turn, rally)
    rally.state = "off"
    if occurrence is not None:
        early = rally.deadline - turn.now >= IN_TIME
        occurrence.state, occurrence.why = ("excused" if early else "missed"), "called off"
        occurrence.closed_at = turn.now
    turn.cancel("close", rally.id)
    turn.db.flush()
    show_rally(turn, rally)
    return Whisper("Called off. The post in the channel says so; nobody is notified.")
