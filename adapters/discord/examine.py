"""What keeps Drumbeat from working on Discord, one line each, and what somebody can do about it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
from discord import HTTPException

from adapters.discord.application import Application, SettingsError, find_gateway, sign_in
from adapters.discord.calls import Api
from adapters.discord.manifest import INTENTS, extras_lacking, invite_link, lacking
from adapters.discord.refusals import THROWN_OUT, Errand, explain
from adapters.discord.servers import read_channel, read_server
from bot.chat import Place

Finding = tuple[str, str, str]

GOOD = ""
SECONDS = 20
LINE_SECONDS = 5
HELLO = "v=10&encoding=json"
# A clock that is further from Discord's is wrong, and everything is planned by it.
APART_SECONDS = 60
PAGE = 200


async def examine(api: Api, token: str, homes: Sequence[Place], *, now: Callable[[], datetime]) -> list[Finding]:
    """Look at the address, the clock, the token, the gateway, the intents, the servers, and each home channel."""
    try:
        async with asyncio.timeout(SECONDS):
            application = await sign_in(api, token)
            return [
                ("Discord", f"answers at {api.api_url}", GOOD),
                *_clock(api, now()),
                ("Discord's token", f"belongs to the bot {application.name}", GOOD),
                await _gateway(api),
                *_intents(application),
                await _servers(api, application),
                *[await _home(api, application, place) for place in homes],
            ]
    except SettingsError as error:
        return [
            ("Discord", f"answers at {api.api_url}", GOOD),
            ("Discord's token", "is not one that Discord knows", str(error)),
        ]
    except (OSError, aiohttp.ClientError, TimeoutError, HTTPException) as error:
        why = f"status {error.status}" if isinstance(error, HTTPException) else type(error).__name__
        mend = "Check the address in discord_api_url, and that this machine may call it."
        return [("Discord", f"does not answer at {api.api_url} ({why})", mend)]


def _clock(api: Api, now: datetime) -> list[Finding]:
    apart = (now - api.told_time).total_seconds() if api.told_time else 0
    if abs(apart) <= APART_SECONDS:
        return []
    how = f"{abs(apart):.0f} seconds {'ahead of' if apart > 0 else 'behind'} Discord's"
    return [("clock", how, "Set this machine's clock.")]


async def _gateway(api: Api) -> Finding:
    """See whether a line could be opened; no session is begun for that."""
    what = "Discord's gateway"
    gateway = await find_gateway(api)
    address = urlsplit(gateway.url)
    why = ""
    try:
        async with asyncio.timeout(LINE_SECONDS):
            line = await api.ws_connect(address._replace(path=address.path or "/", query=HELLO).geturl())
            greeting = await line.receive()
            await line.close()
            if greeting.type is not aiohttp.WSMsgType.TEXT:
                why = greeting.type.name
    except (OSError, aiohttp.ClientError, TimeoutError) as error:
        why = type(error).__name__
    if why:
        mend = f"Let this machine open web sockets to {address.netloc}: on them Discord tells what happens."
        return (what, f"cannot be reached at {gateway.url} ({why})", mend)
    shards = "1 shard" if gateway.shards == 1 else f"{gateway.shards} shards"
    how = f"can be reached; {shards}, {gateway.starts} sessions left today"
    if gateway.starts > 0:
        return (what, how, GOOD)
    hours = math.ceil(gateway.renewed_in / 3600)
    wait = "an hour" if hours == 1 else f"{hours} hours"
    mend = f"Wait {wait}, and see in the log why Drumbeat began so many: each start takes one."
    return (what, how, mend)


def _intents(application: Application) -> list[Finding]:
    granted = {"Server Members Intent": application.members, "Message Content Intent": application.words}
    page = f"https://discord.com/developers/applications/{application.id}/bot"
    # Drumbeat runs without them: that is no fault to mend, but a price to know.
    return [
        (name, "is granted" if granted[name] else f"is not granted. {_price(cost)} Switch it on at {page}", GOOD)
        for name, cost in INTENTS.items()
    ]


def _price(cost: str) -> str:
    return cost[cost.index("Without it") :]


async def _servers(api: Api, application: Application) -> Finding:
    servers = await api.call("GET", "/users/@me/guilds", query={"limit": PAGE}, patient=True)
    if not servers:
        return ("Discord servers", "none: nobody has invited the bot", f"Open {invite_link(application.id)}")
    return ("Discord servers", f"{len(servers)}{' or more' if len(servers) == PAGE else ''}", GOOD)


async def _home(api: Api, application: Application, place: Place) -> Finding:
    what, on_server = f"Home channel {place.channel}", False
    try:
        where = {"guild_id": place.workspace}
        server = read_server(await api.call("GET", "/guilds/{guild_id}", where, patient=True), bot=application.bot)
        path = "/guilds/{guild_id}/members/{user_id}"
        me = await api.call("GET", path, {**where, "user_id": application.bot}, patient=True)
        what, on_server = f"{what} on {server.name}", True
        channel = read_channel(
            await api.call("GET", "/channels/{channel_id}", {"channel_id": place.channel}, patient=True)
        )
    except HTTPException as error:
        told = explain(error, Errand(on_server=on_server))
        if told.why == THROWN_OUT[0]:
            return (what, told.why, f"{told.mend} It is {invite_link(application.id)}")
        return (what, told.why, told.mend or "Try again in a few minutes.")
    server.channels[channel.id] = channel
    allowed = server.may(application.bot, [*map(str, me["roles"])], channel.id)
    missing = lacking(allowed)
    if missing:
        named = ", ".join(missing)
        mend = f"In the settings of #{channel.name}, under Permissions, allow Drumbeat: {named}."
        return (f"#{channel.name} on {server.name}", f"lacks {named}", mend)
    extras = [f"lacks {name}. {_price(why)}" for name, why in extras_lacking(allowed)]
    return (f"#{channel.name} on {server.name}", " ".join(extras) or "has every permission", GOOD)
