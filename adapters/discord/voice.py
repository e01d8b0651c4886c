"""Who is in which call on Discord, voice or stage, so that a move is a leave and an arrival."""

from __future__ import annotations


class Calls:
    """The calls as we last heard of them. Discord's own object of a voice state changes under our hands."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[str, str]] = {}

    def people(self, server: str) -> tuple[str, ...]:
        """List everybody who is in a call of a server."""
        return tuple(self._rooms.get(server, ()))

    def move(self, server: str, person: str, room: str, *, anew: bool = False) -> list[tuple[str, bool]]:
        """Note where somebody is now, '' for nowhere; gives what that means: which room, and whether they are in it.

        Discord also tells when somebody mutes themselves: no move. ``anew``: after a break nobody knows what was heard,
        so that they are there is said again.
        """
        rooms = self._rooms.setdefault(server, {})
        before = rooms.pop(person, "")
        if room:
            rooms[person] = room
        left = [(before, False)] if before and before != room else []
        return left + ([(room, True)] if room and (anew or before != room) else [])
