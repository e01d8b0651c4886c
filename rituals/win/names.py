"""Names in what is told outside: only of those who said yes, in lists and in people's words alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

# Shorter parts of a name are too often something else.
SHORTEST_PART = 3
# What people write beside their name, '(she/her)' or 'Ana from the quay': veiled, it would make words unreadable.
NO_NAMES = frozenset(["and", "for", "from", "her", "hers", "him", "his", "she", "the", "theirs", "them", "they"])
# Letters that are another letter with a stroke, which Unicode does not take apart.
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "\u0131": "i", "\u2019": "'"})
_PART = re.compile(r"[^\W\d_]+")


class Names:
    """Who may be named, and the others' names, which become 'a member' however they are spelled."""

    def __init__(self, *, agreed: Collection[str], others: Collection[str]) -> None:
        self._agreed = {_fold(name).strip() for name in agreed}
        hidden = {one for name in others for one in _forms(_fold(name).strip())} - self._agreed
        # Whole names of who agreed are found as well, so that a part shared with somebody else stays in them.
        known = sorted(hidden | (self._agreed - {""}), key=lambda name: (-len(name), name))
        self._known = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, known))})(?![^\W_])") if hidden else None
        self.replaced = 0

    def veil(self, words: str) -> str:
        """Give words without the names of those who did not agree."""
        written, told = 0, ""
        for start, end in self._find(words):
            told += words[written:start] + _member(words[:start])
            written = end
            self.replaced += 1
        return told + words[written:]

    def hold(self, words: str) -> bool:
        """Tell whether somebody is named in words who did not agree."""
        return bool(self._find(words))

    def _find(self, words: str) -> list[tuple[int, int]]:
        """Tell from where to where names stand that are to be veiled; parts in a row are one name."""
        if self._known is None:
            return []
        plain = [letter.lower() if letter.isascii() else _fold(letter) for letter in words]
        folded = "".join(plain)
        places = [place for place, letters in enumerate(plain) for _ in letters] + [len(words)]
        found: list[tuple[int, int]] = []
        for one in self._known.finditer(folded):
            if one[0] in self._agreed:
                continue
            start, end = places[one.start()], places[one.end()]
            if found and words[found[-1][1] : start] in (" ", "-"):
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return found


def _fold(words: str) -> str:
    """Give words in small letters without accents, and without what nobody sees."""
    seen = (
        letter
        for letter in unicodedata.normalize("NFKD", words)
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return "".join(seen).casefold().translate(_STROKES)


def _forms(name: str) -> Iterable[str]:
    if len(name) > 1:
        yield name
    yield from (part for part in _PART.findall(name) if len(part) >= SHORTEST_PART and part not in NO_NAMES)


def _member(before: str) -> str:
    before = before.rstrip(" \"'(\u201c\u2018")
    return "A member" if not before or before[-1] in ".!?:\n" else "a member"


def listed(agreed: Collection[str], others: int) -> str:
    """Say who made something happen: 'Ana, Ben and 2 members'."""
    unnamed = ["a member" if others == 1 else f"{others} members"] if others else []
    *first, last = [*agreed, *unnamed] or [""]
    return f"{', '.join(first)} and {last}" if first else last
