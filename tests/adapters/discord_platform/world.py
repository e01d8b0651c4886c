"""All that there is on this Discord: accounts, servers, channels with their threads, messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.adapters.discord_platform.refusing import Json, Refused
from tests.adapters.discord_platform.rights import (
    ALL,
    STRANGER,
    Overwrite,
    Right,
    Role,
    base_rights,
    channel_rights,
)
from tests.adapters.discord_platform.snowflakes import Mint

TEXT, PRIVATE, VOICE, THREAD, STAGE = 0, 1, 2, 11, 13
EPHEMERAL, LOADING, HAS_THREAD, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 5, 1 << 15


@dataclass(slots=True)
class Account:
    """A person or a bot. ``closed``: takes no private messages."""

    id: str
    name: str
    bot: bool = False
    closed: bool = False


@dataclass(slots=True)
class Membership:
    """Somebody's belonging to a server."""

    account: Account
    since: datetime
    roles: list[str] = field(default_factory=list)
    nick: str | None = None


@dataclass(slots=True)
class Server:
    """A guild, in Discord's own word. ``bot_here``: Drumbeat was invited and not thrown out."""

    id: str
    name: str
    owner: str
    roles: dict[str, Role]
    members: dict[str, Membership] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    events: dict[str, Json] = field(default_factory=dict)
    bot_here: bool = True


@dataclass(slots=True)
class Channel:
    """A text or voice channel, a thread (``parent``) or a private conversation (``recipient``)."""

    id: str
    kind: int
    name: str = ""
    server: str = ""
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    recipient: str = ""
    parent: str = ""
    owner: str = ""
    locked: bool = False
    archived: bool = False
    archive_minutes: int = 4320
    touched: datetime | None = None


@dataclass(slots=True)
class Sent:
    """A message. ``only``: who alone sees it, if it is ephemeral; ``version`` grows with every edit."""

    id: str
    number: int
    channel: str
    author: str
    at: datetime
    content: str = ""
    words: str = ""
    kind: int = 0
    flags: int = 0
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    nonce: str | int | None = None
    edited: datetime | None = None
    version: int = 0
    mentions: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    only: str = ""
    reference: str = ""
    interaction: Json | None = None

    @property
    def written(self) -> datetime:
        """When it became what it says now."""
        return self.edited or self.at


class World:
    """What there is, and what asks about it; nothing here knows of sockets."""

    def __init__(self, now: Callable[[], datetime], bot: Account) -> None:
        self.now = now
        self.bot = bot
        self.mint = Mint(now)
        self.accounts: dict[str, Account] = {bot.id: bot}
        self.servers: dict[str, Server] = {}
        self.channels: dict[str, Channel] = {}
        self.private: dict[str, Channel] = {}
        self.sent: dict[str, Sent] = {}
        self.numbered = 0
        self._waiting: set[asyncio.Future[None]] = set()

    # ------------------------------------------------------------------------------------------- waiting

    def changed(self) -> None:
        """Wake whoever waits for something to be different."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def wait_until(self, condition: Callable[[], bool], seconds: float) -> None:
        """Wait for a condition, looking again at every change; raises ``TimeoutError`` when it does not come."""
        async with asyncio.timeout(seconds):
            while not condition():
                future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.add(future)
                try:
                    await future
                finally:
                    self._waiting.discard(future)

    # ------------------------------------------------------------------------------------------- looking

    def server(self, server_id: str) -> Server:
        """Find a server that the bot is on."""
        server = self.servers.get(server_id)
        if server is None or not server.bot_here:
            raise Refused(10004)
        return server

    def channel(self, channel_id: str) -> Channel:
        channel = self.channels.get(channel_id)
        if channel is None:
            raise Refused(10003)
        return channel

    def message(self, channel: Channel, message_id: str) -> Sent:
        """Find a message that is not for one person alone."""
        sent = self.sent.get(message_id)
        if sent is None or sent.channel != channel.id or sent.only:
            raise Refused(10008)
        return sent

    def home(self, channel: Channel) -> Channel:
        """Give the channel that a thread is part of; any other channel is its own."""
        return self.channels[channel.parent] if channel.parent else channel

    def threads(self, server_id: str) -> Iterator[Channel]:
        """List the threads of a server that are not archived."""
        for channel in self.channels.values():
            if channel.kind == THREAD and channel.server == server_id and not self.is_archived(channel):
                yield channel

    def is_archived(self, thread: Channel) -> bool:
        """Tell whether a thread is archived, by hand or because nobody wrote in it for long."""
        quiet = thread.touched is not None and self.now() - thread.touched >= timedelta(minutes=thread.archive_minutes)
        return thread.archived or quiet

    def rights(self, account: str, channel: Channel) -> Right:
        """Tell what somebody may do in a channel or a thread."""
        home = self.home(channel)
        if not home.server:
            return ALL if account in (home.recipient, self.bot.id) else STRANGER
        server = self.servers[home.server]
        member = server.members.get(account)
        if member is None:
            return STRANGER
        if server.owner == account:
            return ALL
        base = base_rights(server.id, server.roles, member.roles)
        return channel_rights(base, server.id, home.overwrites, person=account, held=member.roles)

    def private_channel(self, account: str) -> Channel:
        """Find, or open, the conversation of the bot with somebody."""
        if account not in self.private:
            channel = Channel(self.mint.new(), PRIVATE, recipient=account)
            self.private[account] = self.channels[channel.id] = channel
        return self.private[account]

    def shared_servers(self, account: str) -> list[Server]:
        """List the servers that somebody shares with the bot."""
        return [one for one in self.servers.values() if one.bot_here and account in one.members]

    # ------------------------------------------------------------------------------------------- changing

    def write(self, channel: Channel, author: str, **rest: object) -> Sent:
        """Keep a new message."""
        self.numbered += 1
        sent = Sent(self.mint.new(), self.numbered, channel.id, author, self.now(), **rest)  # type: ignore[arg-type]
        self.sent[sent.id] = sent
        if channel.kind == THREAD:
            channel.touched, channel.archived = sent.at, False
        return sent
