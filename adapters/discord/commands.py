"""The commands that people can type on Discord: offered once, completed while somebody types."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import structlog
from discord import HTTPException, RateLimited

from adapters.discord.calls import Api
from bot.chat import Typable

log = structlog.get_logger()

Json = Mapping[str, Any]

SLASH, TEXT_OPTION = 1, 3
# In a server and in private with the bot; for a server that added us, not for a person's own account.
IN_SERVERS, IN_PRIVATE, ADDED_BY_SERVER = 0, 1, 0
SUGGESTIONS_LIMIT = 25
SUGGESTION_LIMIT = 100
# What Discord gives back of a command that it has; the rest of its answer is its own affair.
_COMPARED = ("name", "type", "description", "contexts", "integration_types")
_COMPARED_OPTIONS = ("type", "name", "description", "autocomplete")


class Remember(Protocol):
    """Keeps a few words for longer than the program runs."""

    async def recall(self, key: str) -> str:
        """Give what was kept, or ''."""
        ...

    async def keep(self, key: str, value: str) -> None:
        """Keep a value."""
        ...


def describe_commands(commands: Sequence[Typable]) -> list[dict[str, Any]]:
    """Write the commands as Discord wants them: what may follow one is a single optional line with completion."""
    return [
        {
            "name": command.name,
            "type": SLASH,
            "description": command.about,
            "options": [
                {
                    "type": TEXT_OPTION,
                    "name": command.blank.name,
                    "description": command.blank.about,
                    "required": False,
                    "autocomplete": bool(command.blank.suggestions),
                }
            ]
            if command.blank
            else [],
            "contexts": [IN_SERVERS, IN_PRIVATE],
            "integration_types": [ADDED_BY_SERVER],
        }
        for command in commands
    ]


def complete(commands: Sequence[Typable], name: str, typed: str) -> list[dict[str, str]]:
    """Offer what may follow a command: first what contains the words typed so far, then those words themselves."""
    blank = next((command.blank for command in commands if command.name == name), None)
    if blank is None:
        return []
    sought = typed.strip().casefold()
    offered = [suggestion for suggestion in blank.suggestions if sought in suggestion.casefold()]
    if sought and sought not in {one.casefold() for one in offered} and len(typed) <= SUGGESTION_LIMIT:
        offered = [*offered[: SUGGESTIONS_LIMIT - 1], typed]
    return [{"name": one, "value": one} for one in offered]


async def offer_commands(api: Api, application: str, commands: Sequence[Typable], remember: Remember | None) -> bool:
    """Make Discord offer these commands everywhere, if it does not already; tells whether it had to be told."""
    wanted = describe_commands(commands)
    key = f"discord/commands/{application}"
    mark = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    where = {"application_id": application}
    if remember is not None:
        if await remember.recall(key) == mark:
            return False
    else:
        offered = await api.call("GET", "/applications/{application_id}/commands", where, patient=True)
        if _compare(offered) == _compare(wanted):
            return False
    await api.call("PUT", "/applications/{application_id}/commands", where, body=wanted, patient=True)
    if remember is not None:
        await remember.keep(key, mark)
    return True


async def try_to_offer_commands(
    api: Api, application: str, commands: Sequence[Typable], remember: Remember | None
) -> None:
    """The same at the start: whatever comes of it, buttons and replies work."""
    try:
        if await offer_commands(api, application, commands, remember):
            log.info("discord commands offered", commands=len(commands))
    except (HTTPException, RateLimited) as error:
        log.exception("discord commands not offered", error=type(error).__name__, code=getattr(error, "code", 0))


def read_command(data: Json) -> tuple[str, str]:
    """Read which command was typed, with the words that follow it."""
    given = [str(option.get("value", "")) for option in data.get("options") or ()]
    return str(data["name"]), " ".join(given).strip()


def _compare(commands: Sequence[Json]) -> list[object]:
    return sorted(
        (
            [command.get(key) for key in _COMPARED]
            + [
                [option.get(key) or False for key in _COMPARED_OPTIONS] + [option.get("required") or False]
                for option in command.get("options") or ()
            ]
            for command in commands
        ),
        key=str,
    )
