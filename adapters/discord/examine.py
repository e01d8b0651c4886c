"""What keeps Drumbeat from working on Discord, one line each, and what somebody can do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiohttp
from discord import HTTPException

from adapters.discord.application import Application, SettingsError, sign_in
from adapters.discord.calls import Api
from adapters.discord.manifest import INTENTS, invite_link, lacking
from adapters.discord.servers import read_channel, read_server
from bot.chat import Place

Finding = tuple[str, str, str]

GOOD = ""
SECONDS = 20
PAGE = 200


async def examine(api: Api, token: str, homes: Sequence[Place]) -> list[Finding]:
    """Look at the address, the token, the intents, the servers, and the permissions in each home channel."""
    try:
        async with asyncio.timeout(SECONDS):
            application = await sign_in(api, token)
            return [
                ("Discord", f"answers at {api.api_url}", GOOD),
                ("Discord's token", f"belongs to the bot {application.name}", GOOD),
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
    what = f"Home channel {place.channel}"
    try:
        where = {"guild_id": place.workspace}
        server = read_server(await api.call("GET", "/guilds/{guild_id}", where, patient=True), bot=application.bot)
        path = "/guilds/{guild_id}/members/{user_id}"
        me = await api.call("GET", path, {**where, "user_id": application.bot}, patient=True)
        channel = read_channel(
            await api.call("GET", "/channels/{channel_id}", {"channel_id": place.channel}, patient=True)
        )
    except HTTPException as error:
        return (
            what,
            f"cannot be seen (code {error.code})",
            f"Invite the bot to its server: {invite_link(application.id)}",
        )
    server.channels[channel.id] = channel
    missing = lacking(server.may(application.bot, map(str, me["roles"]), channel.id))
    if missing:
        named = ", ".join(missing)
        mend = f"In the settings of #{channel.name}, under Permissions, allow Drumbeat: {named}."
        return (f"#{channel.name} on {server.name}", f"lacks {named}", mend)
    return (f"#{channel.name} on {server.name}", "has every permission", GOOD)
