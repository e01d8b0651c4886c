"""Names in what is told outside: only of those who said yes, in lists and in people's words alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

# Shorter first names are too often something else.
SHORTEST_FIRST_NAME = 3


class Names:
    """Who may be named, and the others' names, which become 'a member' wherever they stand as a word."""

    def __init__(self, *, agreed: Collection[str], others: Collection[str]) -> None:
        hidden = {one for name in others for one in _forms(name)} - set(agreed)
        longest_first = sorted(hidden, key=lambda name: (-len(name), name))
        self._hidden = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)") if longest_first else None
        )
        self.replaced = 0

    def veil(self, words: str) -> str:
        """Give words without the names of those who did not agree."""
        return self._hidden.sub(lambda found: self._replace(words, found), words) if self._hidden else words

    def _replace(self, words: str, found: re.Match[str]) -> str:
        self.replaced += 1
        before = words[: found.start()].rstrip(" \"'(\u201c\u2018")
        return "A member" if not before or before[-1] in ".!?:\n" else "a member"


def _forms(name: str) -> Iterable[str]:
    if len(name) > 1:
        yield name
    first, _, rest = name.partition(" ")
    if rest and len(first) >= SHORTEST_FIRST_NAME:
        yield first


def listed(agreed: Collection[str], others: int) -> str:
    """Say who made something happen: 'Ana, Ben and 2 members'."""
    unnamed = ["a member" if others == 1 else f"{others} members"] if others else []
    *first, last = [*agreed, *unnamed] or [""]
    return f"{', '.join(first)} and {last}" if first else last
