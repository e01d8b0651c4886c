"""What we know of each Discord server: its roles, channels and threads, and who may do what there.

The gateway tells it; of the members we keep nobody. A permission is computed as Discord does it:
https://discord.com/developers/docs/topics/permissions
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]

ADMINISTRATOR, MANAGE_CHANNELS, MANAGE_GUILD = 1 << 3, 1 << 4, 1 << 5
VIEW_CHANNEL, SEND_MESSAGES = 1 << 10, 1 << 11
CONNECT, CREATE_EVENTS = 1 << 20, 1 << 44
EVERYTHING = (1 << 53) - 1
STEWARDS = ADMINISTRATOR | MANAGE_CHANNELS | MANAGE_GUILD
THREADS = (10, 11, 12)
VOICE, STAGE = 2, 13
ROLE, MEMBER = 0, 1


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel gives or takes from a role or a person."""

    id: str
    kind: int
    allow: int
    deny: int


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a server; its threads are kept apart."""

    id: str
    name: str
    overwrites: tuple[Overwrite, ...] = ()
    kind: int = 0


@dataclass(slots=True)
class Server:
    """One server. ``mine`` are the bot's own roles; ``threads`` tells which channel each open thread is part of."""

    id: str
    name: str = ""
    owner: str = ""
    roles: dict[str, int] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    mine: tuple[str, ...] = ()

    def may(self, person: str, roles: Iterable[str], channel: str) -> int:
        """Tell all that somebody with these roles may do in a channel or thread, as Discord's bits."""
        if person == self.owner:
            return EVERYTHING
        held = [role for role in roles if role in self.roles]
        allowed = self.roles.get(self.id, 0)
        for role in held:
            allowed |= self.roles[role]
        if allowed & ADMINISTRATOR:
            return EVERYTHING
        home = self.channels.get(self.threads.get(channel, channel))
        for one in _in_order(home.overwrites if home else (), everyone=self.id, held=held, person=person):
            allowed = allowed & ~one.deny | one.allow
        return allowed if home and allowed & VIEW_CHANNEL else 0

    def is_public(self, channel: str) -> bool:
        """Tell whether everybody on the server sees a channel."""
        return bool(self.may("nobody", (), channel) & VIEW_CHANNEL)

    def is_seen_by_no_more(self, channel: str, other: str) -> bool:
        """Tell whether whoever sees a hidden channel also sees another one; in doubt they don't."""
        here, there = self._overwrites(channel), self._overwrites(other)
        shown = [{one.id for one in those if one.allow & VIEW_CHANNEL} for those in (here, there)]
        hidden = [{one.id for one in those if one.deny & VIEW_CHANNEL} for those in (here, there)]
        return not self.is_public(channel) and shown[0] <= shown[1] and hidden[1] <= hidden[0]

    def _overwrites(self, channel: str) -> tuple[Overwrite, ...]:
        return self.channels[channel].overwrites if channel in self.channels else ()

    def is_steward(self, person: str, roles: Iterable[str], channel: str) -> bool:
        """Tell whether somebody may govern a channel."""
        return bool(self.may(person, roles, channel) & STEWARDS)


def _in_order(
    overwrites: Sequence[Overwrite], *, everyone: str, held: Sequence[str], person: str
) -> Iterable[Overwrite]:
    """Everybody's overwrite comes first, those of roles next and count as one, the person's own is last."""
    yield from (one for one in overwrites if one.id == everyone)
    roles = [one for one in overwrites if one.kind == ROLE and one.id in held and one.id != everyone]
    allow = deny = 0
    for one in roles:
        allow, deny = allow | one.allow, deny | one.deny
    yield Overwrite("", ROLE, allow, deny)
    yield from (one for one in overwrites if one.kind == MEMBER and one.id == person)


def read_channel(told: Json) -> Channel:
    """Read a channel as Discord writes one."""
    return Channel(
        str(told["id"]),
        told.get("name") or "",
        tuple(
            Overwrite(str(one["id"]), int(one["type"]), int(one["allow"]), int(one["deny"]))
            for one in told.get("permission_overwrites") or ()
        ),
        int(told.get("type") or 0),
    )


def read_server(told: Json, *, bot: str) -> Server:
    """Read a server as the gateway, or the API, writes one."""
    return Server(
        id=str(told["id"]),
        name=told.get("name") or "",
        owner=str(told.get("owner_id") or ""),
        roles={str(role["id"]): int(role["permissions"]) for role in told.get("roles") or ()},
        channels={str(one["id"]): read_channel(one) for one in told.get("channels") or ()},
        threads={str(one["id"]): str(one["parent_id"]) for one in told.get("threads") or ()},
        mine=next(
            (tuple(map(str, one["roles"])) for one in told.get("members") or () if str(one["user"]["id"]) == bot), ()
        ),
    )


class Servers:
    """All servers that we are on, kept right by what the gateway tells."""

    def __init__(self, bot: str) -> None:
        self.bot = bot
        self._known: dict[str, Server] = {}

    def all(self) -> tuple[Server, ...]:
        """Give all servers that we are on."""
        return tuple(self._known.values())

    def find(self, server: str) -> Server | None:
        """Give a server that we are on."""
        return self._known.get(server)

    def name_channel(self, server: str, channel: str) -> str:
        """Call a channel as people do; one that we don't see is 'the channel'."""
        known = self._known.get(server)
        there = known.channels.get(known.threads.get(channel, channel)) if known else None
        return f"#{there.name}" if there else "the channel"

    def keep_only(self, kept: Collection[str], *, among: Callable[[str], bool]) -> None:
        """Let go of servers that we are not on any more."""
        for server in [one for one in self._known if among(one) and one not in kept]:
            del self._known[server]

    def heed(self, kind: str, told: Json) -> None:
        """Take in what the gateway tells about servers; everything else is left alone."""
        if kind == "GUILD_CREATE" and not told.get("unavailable"):
            self._known[str(told["id"])] = read_server(told, bot=self.bot)
            return
        server = self._known.get(str(told.get("guild_id") or told.get("id")))
        if server is None:
            return
        if kind == "GUILD_DELETE":
            if not told.get("unavailable"):
                del self._known[server.id]
        elif kind.startswith("GUILD_"):
            self._heed_server(server, kind, told)
        else:
            _heed_channel(server, kind, told)

    def _heed_server(self, server: Server, kind: str, told: Json) -> None:
        match kind:
            case "GUILD_UPDATE":
                server.name, server.owner = told["name"], str(told["owner_id"])
                server.roles = {str(role["id"]): int(role["permissions"]) for role in told["roles"]}
            case "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE":
                server.roles[str(told["role"]["id"])] = int(told["role"]["permissions"])
            case "GUILD_ROLE_DELETE":
                server.roles.pop(str(told["role_id"]), None)
            case "GUILD_MEMBER_UPDATE" if str(told["user"]["id"]) == self.bot:
                server.mine = tuple(map(str, told["roles"]))


def _heed_channel(server: Server, kind: str, told: Json) -> None:
    match kind:
        case "CHANNEL_CREATE" | "CHANNEL_UPDATE":
            server.channels[str(told["id"])] = read_channel(told)
        case "CHANNEL_DELETE":
            server.channels.pop(str(told["id"]), None)
        case "THREAD_UPDATE" if (told.get("thread_metadata") or {}).get("archived"):
            # Every check-in leaves a thread behind; whoever writes in an old one opens it again.
            server.threads.pop(str(told["id"]), None)
        case "THREAD_CREATE" | "THREAD_UPDATE":
            server.threads[str(told["id"])] = str(told["parent_id"])
        case "THREAD_DELETE":
            server.threads.pop(str(told["id"]), None)
        case "THREAD_LIST_SYNC":
            server.threads |= {str(one["id"]): str(one["parent_id"]) for one in told["threads"]}
