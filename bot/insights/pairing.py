"""Who listens to whom: everybody if it can be, nobody with the same partner as last time if that can be helped."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from bot.insights.matching import match

Group = tuple[int, ...]
CanMeet = Callable[[Collection[int]], bool]
NEVER = math.inf
MOST_ROUNDS = 20
# How many trios are tried where not everybody finds a partner: all of them among few, some among many.
TRIO_EFFORT = 60_000
FEWEST_TRIOS = 5


@dataclass(frozen=True, slots=True)
class Pairing:
    """Who is with whom, and who is with nobody; ``unreachable`` are those for whom there is no partner at all."""

    groups: tuple[Group, ...]
    left_out: tuple[int, ...]
    unreachable: tuple[int, ...] = ()


def since_they_met(rounds: Iterable[Iterable[Collection[int]]]) -> dict[frozenset[int], int]:
    """Tell for any two people how long ago they were together, the earliest round given first.

    Counted in the rounds of whichever of the two was in fewer since: 1 is the last time.
    """
    taken: dict[int, int] = {}
    met: dict[frozenset[int], dict[int, int]] = {}
    for groups in rounds:
        for group in groups:
            for member in group:
                taken[member] = taken.get(member, 0) + 1
            for one, other in combinations(group, 2):
                met[frozenset((one, other))] = {one: taken[one], other: taken[other]}
    return {two: min(taken[one] - at + 1 for one, at in times.items()) for two, times in met.items()}


def pair_up(waits: Mapping[int, int], *, met: Mapping[frozenset[int], int], can_meet: CanMeet, seed: int) -> Pairing:
    """Put people into pairs, with one trio where somebody would be left over; the same for the same ``seed``.

    First as many as can be take part, then those who waited (``waits``: how often they were left out); then the most
    recent meeting that is repeated is as long ago as can be, and few are repeated.
    """
    chance = Random(seed)  # noqa: S311 - it shall be repeatable, and guards nothing
    order = sorted(waits)
    chance.shuffle(order)
    order.sort(key=lambda one: -waits[one])
    table = _Table(order, waits, met, can_meet)
    # The more recent the meetings that may be repeated, the more people find a partner.
    limits = [NEVER, *sorted(set(met.values()), reverse=True)]
    wanted = table.worth(table.seat(1))
    index = bisect_left(limits, wanted, key=lambda limit: table.worth(table.seat(limit)))
    groups = table.improve(table.seat(limits[min(index, len(limits) - 1)]), limits[min(index, len(limits) - 1)])
    placed = {one for group in groups for one in group}
    alone = tuple(one for one in order if one not in placed)
    unreachable = tuple(one for one in alone if not table.possible[one])
    return Pairing(tuple(sorted(tuple(sorted(group)) for group in groups)), alone, unreachable)


class _Table:
    """The people of one round, and who of them may be put together."""

    def __init__(
        self, order: Sequence[int], waits: Mapping[int, int], met: Mapping[frozenset[int], int], can_meet: CanMeet
    ) -> None:
        self.order = order
        self.waits = waits
        self.met = met
        self.can_meet = can_meet
        self.possible: dict[int, list[int]] = {one: [] for one in order}
        for one, other in combinations(order, 2):
            if can_meet((one, other)):
                self.possible[one].append(other)
                self.possible[other].append(one)

    def age(self, one: int, other: int) -> float:
        return self.met.get(frozenset((one, other)), NEVER)

    def cost(self, group: Collection[int]) -> float:
        return sum(1 / self.age(one, other) for one, other in combinations(group, 2))

    def worth(self, groups: Iterable[Group]) -> tuple[int, int]:
        """Tell what a seating is worth: how many take part, and how long they waited."""
        placed = [one for group in groups for one in group]
        return len(placed), sum(self.waits[one] for one in placed)

    def seat(self, limit: float) -> list[Group]:
        """Seat as many as can be without repeating a meeting that is more recent than ``limit``."""
        friends = {
            one: sorted(
                (other for other in others if self.age(one, other) >= limit), key=lambda other: -self.age(one, other)
            )
            for one, others in self.possible.items()
        }
        pairs: list[Group] = list(match(self.order, friends, waits=self.waits))
        placed = {one for pair in pairs for one in pair}
        alone = [one for one in self.order if one not in placed]
        if not alone:
            return pairs
        best = self._join(alone, pairs, friends)
        if len(alone) == 1 and best is not None:
            return best
        best = best or pairs
        tries = max(FEWEST_TRIOS, TRIO_EFFORT // len(self.order) ** 2)
        for _, trio in zip(range(tries), self._trios(friends), strict=False):
            rest = [one for one in self.order if one not in trio]
            theirs = {one: [other for other in friends[one] if other not in trio] for one in rest}
            seated: list[Group] = [*match(rest, theirs, waits=self.waits), trio]
            if self.worth(seated) > self.worth(best):
                best = seated
        return best

    def _join(
        self, alone: Sequence[int], pairs: Sequence[Group], friends: Mapping[int, Sequence[int]]
    ) -> list[Group] | None:
        """Let one who is alone join a pair."""
        for one in alone:
            open_pairs = [pair for pair in pairs if set(pair) <= set(friends[one]) and self.can_meet((*pair, one))]
            if open_pairs:
                joined = min(open_pairs, key=lambda pair: self.cost((*pair, one)))
                return [*(pair for pair in pairs if pair != joined), (*joined, one)]
        return None

    def _trios(self, friends: Mapping[int, Sequence[int]]) -> Iterator[Group]:
        for one, other, third in combinations(self.order, 3):
            close = set(friends[one])
            if other in close and third in close and third in friends[other] and self.can_meet((one, other, third)):
                yield one, other, third

    def improve(self, groups: Sequence[Group], limit: float) -> list[Group]:
        """Let two pairs swap partners wherever fewer or older meetings are repeated then."""
        pairs = [group for group in groups if len(group) == 2]  # noqa: PLR2004 - a pair is of two
        for _ in range(MOST_ROUNDS):
            better = False
            for first, second in combinations(range(len(pairs)), 2):
                (a, b), (c, d) = pairs[first], pairs[second]
                now = self.cost((a, b)) + self.cost((c, d))
                for one, two in (((a, c), (b, d)), ((a, d), (b, c))):
                    if now > self.cost(one) + self.cost(two) and self._may(one, limit) and self._may(two, limit):
                        pairs[first], pairs[second] = one, two
                        now = self.cost(one) + self.cost(two)
                        better = True
            if not better:
                break
        return [*pairs, *(group for group in groups if len(group) > 2)]  # noqa: PLR2004

    def _may(self, pair: Group, limit: float) -> bool:
        return self.age(*pair) >= limit and pair[1] in self.possible[pair[0]]
