"""People as Discord tells of them: their names, whether they are bots, and what we remember of whom we met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.discord.recent import Recent
from adapters.discord.servers import STEWARDS, Server
from bot.chat import Person

Json = Mapping[str, Any]

REMEMBERED = 20_000


def read_name(user: Json, member: Json | None) -> str:
    """Call somebody as their server does."""
    return str((member or {}).get("nick") or user.get("global_name") or user.get("username") or user["id"])


def read_person(user: Json, member: Json | None, server: Server | None, channel: str) -> Person:
    """Give somebody who acts in a channel; the zone is empty, because Discord keeps none."""
    steward = False
    if member is not None and server is not None:
        steward = server.is_steward(str(user["id"]), map(str, member.get("roles") or ()), channel)
    if member is not None and "permissions" in member:  # an interaction brings what Discord itself computed
        steward = steward or bool(int(member["permissions"]) & STEWARDS)
    return Person(str(user["id"]), read_name(user, member), steward=steward, bot=bool(user.get("bot")))


class Acquaintances:
    """Whom we met lately on which server: some events carry a person's id and nothing else."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._met: Recent[tuple[str, str], Person] = Recent(most)

    def meet(self, server: str, person: Person) -> None:
        """Remember somebody."""
        self._met.keep((server, person.id), person)

    def recall(self, server: str, person: str) -> Person | None:
        """Give somebody whom we met on this server."""
        return self._met.get((server, person))

    def forget(self, server: str, person: str) -> None:
        """Let go of somebody who left."""
        self._met.forget((server, person))
