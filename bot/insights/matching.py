"""The most couples that can be made of people who may not all be put together (Edmonds' blossoms)."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence


class _Search:
    """One look, from somebody who is alone, for a way to find them a partner by letting others change theirs."""

    def __init__(self, root: int, friends: Mapping[int, Sequence[int]], couples: dict[int, int]) -> None:
        self.root = root
        self.friends = friends
        self.couples = couples
        self.base = {one: one for one in friends}
        self.before: dict[int, int] = {}
        self.reached = {root}

    def look(self) -> int | None:
        """Give somebody alone at the other end of such a way; ``reached`` are those who could be left alone instead."""
        waiting = deque([self.root])
        while waiting:
            one = waiting.popleft()
            for other in self.friends[one]:
                if self.base[one] == self.base[other] or self.couples.get(one) == other:
                    continue
                if other == self.root or self.couples.get(other) in self.before:
                    waiting.extend(self._draw_together(one, other))
                elif other not in self.before:
                    self.before[other] = one
                    partner = self.couples.get(other)
                    if partner is None:
                        return other
                    self.reached.add(partner)
                    waiting.append(partner)
        return None

    def _draw_together(self, one: int, other: int) -> list[int]:
        """Take a ring of odd length as one person: whoever is in it can be reached both ways round."""
        top = self._meeting_point(one, other)
        ring: set[int] = set()
        self._mark(one, top, other, ring)
        self._mark(other, top, one, ring)
        new = []
        for member, base in self.base.items():
            if base in ring:
                self.base[member] = top
                if member not in self.reached:
                    self.reached.add(member)
                    new.append(member)
        return new

    def _meeting_point(self, one: int, other: int) -> int:
        seen = set()
        while True:
            one = self.base[one]
            seen.add(one)
            if one not in self.couples:
                break
            one = self.before[self.couples[one]]
        other = self.base[other]
        while other not in seen:
            other = self.base[self.before[self.couples[other]]]
        return other

    def _mark(self, one: int, top: int, child: int, ring: set[int]) -> None:
        while self.base[one] != top:
            partner = self.couples[one]
            ring |= {self.base[one], self.base[partner]}
            self.before[one] = child
            child = partner
            one = self.before[partner]

    def follow(self, last: int) -> None:
        """Let everybody on the way back from ``last`` change partners."""
        current: int | None = last
        while current is not None:
            partner = self.before[current]
            following = self.couples.get(partner)
            self.couples[current], self.couples[partner] = partner, current
            current = following


def match(
    order: Sequence[int], friends: Mapping[int, Sequence[int]], *, waits: Mapping[int, int]
) -> Collection[tuple[int, int]]:
    """Make as many couples as can be; of all such ways one in which those who ``waits`` longest are in a couple.

    ``order`` has them first; ``friends`` lists for each with whom they may be, the most wished for first.
    """
    couples: dict[int, int] = {}
    for one in order:
        if one in couples:
            continue
        search = _Search(one, friends, couples)
        alone = search.look()
        if alone is not None:
            search.follow(alone)
            continue
        # Nobody more can be in a couple; but somebody who waits less may be left alone instead.
        givers = [other for other in search.reached if other != one and waits[other] < waits[one]]
        if givers:
            giver = min(givers, key=lambda other: (waits[other], -order.index(other)))
            search.follow(couples.pop(giver))
    return [(one, other) for one, other in couples.items() if one < other]
