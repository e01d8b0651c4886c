"""Whether people who were paired have talked: by what each of them says, and by nobody saying no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

YES, NOT_YET, WONT = "yes", "not-yet", "wont"
# So long somebody may say that it is not so, before one person's word stands.
TO_OBJECT = timedelta(days=3)
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Said:
    """What one of them said last, and when; '' for nothing."""

    word: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who talked, and when the first of them said so. ``stands_at``: from when on it stands if nobody objects."""

    came: frozenset[int] = frozenset()
    at: datetime | None = None
    stands_at: datetime | None = None


def judge(said: Mapping[int, Said], *, now: datetime) -> Verdict:
    """Decide who talked.

    It takes one who says so and one more who does not say no. Whoever says nothing is asked, and has three days. A 'not
    yet' that was said before somebody's yes is overtaken by it.
    """
    first = min((one.at for one in said.values() if one.word == YES and one.at is not None), default=None)
    if first is None:
        return Verdict()
    denied = {
        member
        for member, one in said.items()
        if one.word == WONT or (one.word == NOT_YET and one.at is not None and one.at > first)
    }
    left = frozenset(said) - denied
    if len(left) < FEWEST:
        return Verdict()
    if all(said[member].word == YES for member in left) or now >= first + TO_OBJECT:
        return Verdict(came=left, at=first)
    return Verdict(at=first, stands_at=first + TO_OBJECT)
