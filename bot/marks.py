"""Who took part in something anonymous, without saying who: marks that can be told apart and not traced back.

A mark is a hash of the member with a key that is made for one thing alone (``scope``: 'retro-votes:17') and destroyed
when it closes. Until then it stops a second answer; afterwards nothing is left that could tell anything.
"""

from __future__ import annotations

import secrets

from sqlalchemy import delete, func, select

from bot.store import insert_or, leave_nothing_behind
from bot.tables import Mark, MarkKey
from bot.turn import Turn

# Big enough that two random numbers never meet, small enough for the database's whole numbers.
RANDOM_BITS = 62


class ClosedError(LookupError):
    """There are no marks for this: it has closed, or was never open."""


def random_number() -> int:
    """Give a number for a row whose order must tell nothing."""
    return secrets.randbits(RANDOM_BITS)


def open_marks(turn: Turn, scope: str) -> None:
    """Begin to mark people for something; nothing happens when that has begun already."""
    row = {"scope": scope, "key": secrets.token_hex(32)}
    turn.db.execute(insert_or(turn.db)(MarkKey).values(row).on_conflict_do_nothing())


def are_open(turn: Turn, scope: str) -> bool:
    """Tell whether people are marked for something still."""
    return turn.db.get(MarkKey, scope) is not None


def mark_of(turn: Turn, scope: str) -> str:
    """Give the mark of whoever acts in an anonymous turn; raises ``ClosedError`` when there are none any more."""
    key = turn.db.get(MarkKey, scope)
    if key is None:
        raise ClosedError(scope)
    return turn.mark(bytes.fromhex(key.key))


def leave_mark(turn: Turn, scope: str) -> bool:
    """Mark whoever acts; tells whether they were not marked before."""
    row = {"scope": scope, "mark": mark_of(turn, scope)}
    left = insert_or(turn.db)(Mark).values(row).on_conflict_do_nothing().returning(Mark.mark)
    return turn.db.scalar(left) is not None


def take_mark(turn: Turn, scope: str) -> bool:
    """Take the mark of whoever acts away again; tells whether there was one."""
    taken = delete(Mark).where(Mark.scope == scope, Mark.mark == mark_of(turn, scope)).returning(Mark.mark)
    return turn.db.scalar(taken) is not None


def is_marked(turn: Turn, scope: str) -> bool:
    """Tell whether whoever acts is marked."""
    return turn.db.get(Mark, (scope, mark_of(turn, scope))) is not None


def count_marks(turn: Turn, scope: str) -> int:
    """Count those who are marked."""
    return turn.db.scalar(select(func.count()).select_from(Mark).where(Mark.scope == scope)) or 0


def destroy_marks(turn: Turn, scope: str) -> None:
    """Destroy the marks and their key, also where the database's files would remember them."""
    leave_nothing_behind(turn.db)
    turn.db.execute(delete(Mark).where(Mark.scope == scope))
    turn.db.execute(delete(MarkKey).where(MarkKey.scope == scope))
