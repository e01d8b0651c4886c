"""Who Drumbeat is at Discord: the application, what it was granted, and where its gateway is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from discord import GatewayNotFound, HTTPException, LoginFailure

from adapters.discord.calls import UNKNOWN, Api
from bot.chat import ConnectError

# What the application's page calls 'Server Members Intent' and 'Message Content Intent'; the second flag of each pair
# is for applications on few servers: https://discord.com/developers/docs/resources/application#application-object
MEMBERS_GRANTED = 1 << 14 | 1 << 15
WORDS_GRANTED = 1 << 18 | 1 << 19
NOBODYS = (
    "Discord does not know this token. Copy it anew from your application's page (Bot, Reset Token) into discord_token."
)


class SettingsError(ConnectError):
    """Discord refuses us for good until somebody changes a setting; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Application:
    """Our application and its bot. ``members`` and ``words``: which privileged intents it was granted."""

    id: str
    bot: str
    name: str
    members: bool
    words: bool


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where events come from: ``starts`` more sessions may be begun today, the count is renewed in ``renewed_in``."""

    url: str
    shards: int
    starts: int
    renewed_in: float
    at_once: int


async def sign_in(api: Api, token: str) -> Application:
    """Open the line and ask who we are; raises ``SettingsError`` for a token that Discord does not know."""
    try:
        bot = await api.sign_in(token.strip())
    except LoginFailure as error:
        raise SettingsError(NOBODYS) from error
    application = await api.call("GET", "/applications/@me", patient=True)
    flags = int(application.get("flags") or 0)
    return Application(
        id=str(application["id"]),
        bot=str(bot["id"]),
        name=str(bot["username"]),
        members=bool(flags & MEMBERS_GRANTED),
        words=bool(flags & WORDS_GRANTED),
    )


async def find_gateway(api: Api) -> Gateway:
    """Ask where the gateway is, and keep it in mind for the sockets."""
    try:
        told = await api.call("GET", "/gateway/bot", patient=True)
    except HTTPException as error:
        if error.status == UNKNOWN:
            raise SettingsError(NOBODYS) from error
        raise GatewayNotFound from error
    limit = told["session_start_limit"]
    api.gateway_url = str(told["url"])
    return Gateway(
        url=api.gateway_url,
        shards=int(told["shards"]),
        starts=int(limit["remaining"]),
        renewed_in=float(limit["reset_after"]) / 1000,
        at_once=max(int(limit.get("max_concurrency", 1)), 1),
    )


def choose_shards(shards: str, advised: int) -> tuple[tuple[int, ...], int]:
    """Read '0-3/8' as the shards 0 to 3 of 8; without words we run all that Discord advises."""
    if not shards:
        return tuple(range(advised)), advised
    read = re.fullmatch(r"(\d+)(?:-(\d+))?/(\d+)", shards)
    if read is None or not int(read[1]) <= int(read[2] or read[1]) < int(read[3]):
        msg = f"discord_shards is {shards!r}, which are no shards; write '0-3/8' for the first four of eight."
        raise SettingsError(msg)
    return tuple(range(int(read[1]), int(read[2] or read[1]) + 1)), int(read[3])
