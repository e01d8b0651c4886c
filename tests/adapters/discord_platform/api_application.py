"""The application itself over the HTTP API: who it is, what it was granted, its commands, where its gateway is."""

from __future__ import annotations

from tests.adapters.discord_platform import intents, shapes
from tests.adapters.discord_platform.api import Door
from tests.adapters.discord_platform.refusing import Json, Refused
from tests.adapters.discord_platform.service import Request, Service


def _me(service: Service, asked: Request) -> Json:
    more = {"mfa_enabled": False, "locale": "en-US", "flags": 0, "verified": True, "email": None, "premium_type": 0}
    return {**shapes.user(service.world.bot), **more}


def _application(service: Service, asked: Request) -> Json:
    bot = service.world.bot
    return {
        "id": bot.id,
        "name": bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": shapes.user(bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": intents.privileged_flags(service.gateway.granted),
        "owner": {**shapes.user(bot), "id": "1", "username": "owner"},
        "team": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": len(service.world.servers),
    }


def _gateway(service: Service, asked: Request) -> Json:
    return {"url": service.gateway.url}


def _gateway_for_bots(service: Service, asked: Request) -> Json:
    most = service.gateway.identify_limit
    left = max(most - service.gateway.identified, 0)
    limits = {"total": most, "remaining": left, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": service.gateway.url, "shards": service.gateway.shards, "session_start_limit": limits}


def _scope(service: Service, asked: Request) -> str:
    if asked.names[0] != service.world.bot.id:
        raise Refused(10002)
    if len(asked.names) < 2:
        return ""
    if asked.names[1] not in service.world.servers:
        raise Refused(50001)
    return asked.names[1]


def _commands(service: Service, asked: Request) -> list[Json]:
    return service.commands.listed(_scope(service, asked))


def _replace_commands(service: Service, asked: Request) -> list[Json]:
    return service.commands.replace(_scope(service, asked), asked.body)


DOORS = (
    Door("GET", "/users/@me", _me),
    Door("GET", "/applications/@me", _application),
    Door("GET", "/oauth2/applications/@me", _application),
    Door("GET", "/gateway", _gateway, open=True),
    Door("GET", "/gateway/bot", _gateway_for_bots),
    Door("GET", "/applications/{}/commands", _commands),
    Door("PUT", "/applications/{}/commands", _replace_commands),
    Door("GET", "/applications/{}/guilds/{}/commands", _commands),
    Door("PUT", "/applications/{}/guilds/{}/commands", _replace_commands),
)
