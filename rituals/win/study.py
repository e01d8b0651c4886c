"""A case study as plain values: the story, what was tried, what changed, who came, and what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Told:
    """A win as it is told outside. ``proof`` is its evidence in a row: words, and labels with their address."""

    day: str
    what: str
    by: str = ""
    proof: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """A ritual that was practised, and how that went, in words and figures."""

    name: str
    about: str
    held: str
    came: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Everything that a case study tells. What is empty is left out of it."""

    movement: str
    since: str
    day: str
    story: Sequence[tuple[str, str]] = ()
    mission: str = ""
    tried: Sequence[Tried] = ()
    outcomes: Sequence[Told] = ()
    claims: Sequence[Told] = ()
    efforts: Sequence[Told] = ()
    figures: Sequence[tuple[str, str]] = ()
    learned: Sequence[str] = ()
    left_out: int = 0

    @property
    def wins(self) -> int:
        return len(self.outcomes) + len(self.claims) + len(self.efforts)

    def without_older_half(self) -> Study:
        """Leave the older half of the wins and of what was learned out: it must fit into a file."""
        shorter = replace(
            self,
            outcomes=_newer(self.outcomes),
            claims=_newer(self.claims),
            efforts=_newer(self.efforts),
            learned=self.learned[-(len(self.learned) // 2) :] if len(self.learned) > 1 else (),
        )
        return replace(shorter, left_out=self.left_out + self.wins - shorter.wins)


def _newer(wins: Sequence[Told]) -> Sequence[Told]:
    return wins[-(len(wins) // 2) :] if len(wins) > 1 else ()
