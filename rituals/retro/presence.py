"""How many took part in a retro, without saying who: a mark for each, apart from everything they wrote."""

from __future__ import annotations

from bot.ledger import mark_member
from bot.marks import are_open, count_marks, leave_mark
from bot.tables import Occurrence
from bot.turn import Turn
from rituals.retro.rounds import here_scope


def note_here(turn: Turn, occurrence: Occurrence) -> None:
    """Mark whoever acts as there.

    Never in the turn that keeps a note: the two rows would be written together, and that would be a link.
    """
    scope = here_scope(occurrence.id)
    if not are_open(turn, scope):
        return
    who = turn.who_
    if who is None:
        leave_mark(turn, scope)
    elif not (who.bot or who.opted_out):
        turn.mark = lambda key: mark_member(key, who.id)
        leave_mark(turn, scope)


def count_here(turn: Turn, occurrence: Occurrence) -> int:
    """Count those who took part."""
    return count_marks(turn, here_scope(occurrence.id))
