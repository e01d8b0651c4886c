"""Who is in a movement's home channel, as far as we were told: the people who can see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable


class Homes:
    """The home channels. One becomes known when somebody asks for its members, or something is posted in it."""

    def __init__(self) -> None:
        self._homes: dict[str, dict[str, dict[str, bool]]] = {}
        self._listed: set[tuple[str, str]] = set()
        self._refused: dict[str, dict[str, frozenset[str]]] = {}

    def note(self, server: str, channel: str) -> None:
        """Remember that a channel is a home."""
        self._homes.setdefault(server, {}).setdefault(channel, {})

    def of(self, server: str) -> tuple[str, ...]:
        """List the home channels of a server."""
        return tuple(self._homes.get(server, ()))

    def is_listed(self, server: str, channel: str) -> bool:
        """Tell whether we know everybody who is in a home."""
        return (server, channel) in self._listed

    def keep_list(self, server: str, channel: str, people: Iterable[str]) -> tuple[set[str], set[str]]:
        """Remember everybody who is in a home; gives who came and who left since it was last listed."""
        now = set(people)
        before = {person for person, here in self._homes.get(server, {}).get(channel, {}).items() if here}
        news = (now - before, before - now) if self.is_listed(server, channel) else (set[str](), set[str]())
        self._homes.setdefault(server, {})[channel] = dict.fromkeys(now, True)
        self._listed.add((server, channel))
        return news

    def see(self, server: str, channel: str, person: str, *, here: bool) -> bool:
        """Note whether somebody is in a home; tells whether that is news."""
        people = self._homes.setdefault(server, {}).setdefault(channel, {})
        before = people.get(person, False if self.is_listed(server, channel) else None)
        if here or not self.is_listed(server, channel):
            people[person] = here
        else:
            people.pop(person, None)
        return before is not here

    # ------------------------------------------------------------------------------------------- where we may not

    def refuse(self, server: str, channel: str, lacking: Iterable[str]) -> None:
        """Remember that something was refused in a channel, and which permissions we lacked there then."""
        self._refused.setdefault(server, {})[channel] = frozenset(lacking)

    def refused(self, server: str) -> Collection[tuple[str, frozenset[str]]]:
        """List the channels of a server in which something was refused, with what we lacked."""
        return tuple(self._refused.get(server, {}).items())

    def reopen(self, server: str, channel: str) -> None:
        """Forget that something was refused in a channel: it may be tried again."""
        self._refused.get(server, {}).pop(channel, None)
