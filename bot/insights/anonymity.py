"""When anonymous answers may be shown: only many at once, and never so that a single one could be told apart."""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST_GROUP = 5


def may_offer(possible_answerers: int, *, smallest: int = SMALLEST_GROUP) -> bool:
    """Tell whether anonymity can be promised at all among so few."""
    return possible_answerers >= smallest


def release(on_time: Sequence[int], late: Sequence[int] = (), *, smallest: int = SMALLEST_GROUP) -> tuple[int, ...]:
    """Give the answers that may be shown after the close, sorted so that their order tells nothing.

    Those that came in time are shown together when they are enough; late ones wait until they are enough themselves.
    """
    if len(on_time) < smallest:
        return ()
    shown = [*on_time, *(late if len(late) >= smallest else ())]
    return tuple(sorted(shown))


def may_compare(inside: int, outside: int, *, smallest: int = SMALLEST_GROUP) -> bool:
    """Tell whether a group may be shown apart: it and the rest must both be large enough."""
    return inside >= smallest and outside >= smallest
