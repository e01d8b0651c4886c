"""Short names for people, channels and workspaces, and the ids that Slack would give them."""

from __future__ import annotations

import re


class Names:
    """Translates both ways: 'ana' is UANA, the channel 'river' CRIVER, the workspace 'movement' TMOVEMENT."""

    def __init__(self) -> None:
        self._natives: dict[tuple[str, str], str] = {}
        self._names: dict[str, str] = {}

    def person(self, name: str) -> str:
        return self._make("U", name)

    def channel(self, name: str) -> str:
        return self._make("C", name)

    def workspace(self, name: str) -> str:
        return self._make("T", name)

    def native(self, name: str) -> str:
        """Give the id that goes over the wire; what is no name stays as it is."""
        found = (self._natives.get((letter, name)) for letter in "UCT")
        return next((one for one in found if one is not None), name)

    def named(self, native: str) -> str:
        """Give the short name; what has none stays as it is."""
        return self._names.get(native, native)

    def known(self, letter: str, name: str) -> str | None:
        return self._natives.get((letter, name))

    def learn(self, native: str, name: str) -> None:
        """Let an id be called by a name that is not made of the same letters."""
        self._names[native] = name

    def _make(self, letter: str, name: str) -> str:
        if (letter, name) not in self._natives:
            # Ids of Slack have capitals and digits, and at least two after the first letter.
            stem = letter + re.sub(r"[^A-Z0-9]", "", name.upper()).ljust(2, "0")
            native, number = stem, 0
            while native in self._names:
                number += 1
                native = f"{stem}{number}"
            self._natives[letter, name] = native
            self._names[native] = name
        return self._natives[letter, name]
