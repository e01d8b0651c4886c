"""Who is in which call on Discord, voice or stage, so that a move is a leave and an arrival."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

Json = Mapping[str, Any]


class Voices:
    """Who is in which call at this moment, by what the gateway told last, be it passed on already or not."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[str, str]] = {}

    def heed(self, kind: str, told: Json) -> None:
        """Take in what the gateway tells about calls; a server that we come to tells all of its own."""
        match kind:
            case "VOICE_STATE_UPDATE" if told.get("guild_id"):
                rooms = self._rooms.setdefault(str(told["guild_id"]), {})
                rooms.pop(str(told["user_id"]), None)
                if told.get("channel_id"):
                    rooms[str(told["user_id"])] = str(told["channel_id"])
            case "GUILD_CREATE" if not told.get("unavailable"):
                there = told.get("voice_states") or ()
                self._rooms[str(told["id"])] = {str(one["user_id"]): str(one["channel_id"]) for one in there}
            case "GUILD_DELETE":
                self._rooms.pop(str(told["id"]), None)

    def people(self, server: str, rooms: Collection[str]) -> tuple[str, ...] | None:
        """List who is in one of these rooms of a server; None while the server is out of order and tells nothing."""
        there = self._rooms.get(server)
        return None if there is None else tuple(person for person, room in there.items() if room in rooms)


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
