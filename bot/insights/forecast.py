"""How many of those who said yes to a gathering to expect, from how many of those who said yes came before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from bot.insights.numbers import Portion, wilson

# What lies further back says little of who turns up now.
LOOKED_BACK = timedelta(days=180)
# With less to go by, the range would only look like knowledge.
FEWEST_GATHERINGS = 3
FEWEST_YES = 20
# A forecast for fewer would speak of single people.
FEWEST_EXPECTED = 5
# Keeps a share that is a whole number but for the last digit of a float from being rounded away from it.
_FINE = 10**9


@dataclass(frozen=True, slots=True)
class Expected:
    """Of ``yes`` people who said yes, so many at least and at most."""

    yes: int
    least: int
    most: int

    @property
    def said(self) -> str:
        """Say it: '12 said yes; expect 6 to 9.'."""
        many = f"{self.least} to {self.most}" if self.least < self.most else f"about {self.most}"
        return f"{self.yes} said yes; expect {many}."


def is_enough(past: Sequence[Portion]) -> bool:
    """Tell whether past gatherings say enough; each is how many of those who said yes came."""
    return len(past) >= FEWEST_GATHERINGS and sum(one.whole for one in past) >= FEWEST_YES


def expect(yes: int, past: Sequence[Portion], elsewhere: Sequence[Portion] = ()) -> Expected | None:
    """Say how many of so many to expect, as a range that holds the true share nine times of ten.

    ``past`` are gatherings of the same name; where these are too few, all of the movement's are asked (``elsewhere``).
    Those who come without having said yes are not in it.
    """
    known = next((one for one in (past, elsewhere) if is_enough(one)), None)
    if known is None or yes < FEWEST_EXPECTED:
        return None
    low, high = wilson(Portion(sum(one.part for one in known), sum(one.whole for one in known)))
    return Expected(yes, math.floor(_exactly(low) * yes), math.ceil(_exactly(high) * yes))


def _exactly(share: float) -> Fraction:
    return Fraction(round(share * _FINE), _FINE)
