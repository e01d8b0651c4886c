"""The commands that an application registers, and what Discord refuses about them.

https://discord.com/developers/docs/interactions/application-commands
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.adapters.discord_platform.refusing import Json, Refused, refuse_faults, wrong
from tests.adapters.discord_platform.snowflakes import Mint

STRING = 3
COMMANDS_LIMIT, OPTIONS_LIMIT, CHOICES_LIMIT, LETTERS_LIMIT, CREATES_A_DAY = 100, 25, 25, 8000, 200
_NAME = re.compile(r"[-_'\w]{1,32}")


@dataclass(slots=True)
class Commands:
    """What was registered for all servers (scope '') and for single ones; counts what is new."""

    mint: Mint
    application: str
    strict: bool = True
    created: int = 0
    written: int = 0
    scopes: dict[str, dict[str, Json]] = field(default_factory=dict)

    def listed(self, scope: str) -> list[Json]:
        return list(self.scopes.get(scope, {}).values())

    def replace(self, scope: str, body: object) -> list[Json]:
        """Put a list in the place of all that was registered; what has a known name is no new command."""
        if not isinstance(body, list):
            raise wrong("", "Must be a list.")
        if self.strict:
            refuse_faults("0", [*check_commands(body)])
        if len(body) > COMMANDS_LIMIT:
            raise Refused(30032)
        known = self.scopes.get(scope, {})
        fresh = sum(1 for command in body if command["name"] not in known)
        if self.created + fresh > CREATES_A_DAY:
            raise Refused(30034, retry_after=86400.0)
        self.created += fresh
        self.written += 1
        self.scopes[scope] = {one["name"]: self._registered(scope, one, known.get(one["name"])) for one in body}
        return self.listed(scope)

    def offered(self, server: str) -> dict[str, Json]:
        """List what people can type on a server, or with '' in private."""
        everywhere = self.scopes.get("", {})
        offered = {**everywhere, **(self.scopes.get(server, {}) if server else {})}
        place = 0 if server else 1
        return {name: one for name, one in offered.items() if place in (one["contexts"] or [0, 1, 2])}

    def _registered(self, scope: str, command: Json, known: Json | None) -> Json:
        registered: Json = {
            "id": known["id"] if known else self.mint.new(),
            "application_id": self.application,
            "version": self.mint.new(),
            "type": 1,
            "default_member_permissions": None,
            "dm_permission": True,
            "nsfw": False,
            "contexts": None,
            "integration_types": [0],
            "name_localizations": None,
            "description_localizations": None,
            **command,
        }
        return {**registered, "guild_id": scope} if scope else registered


def check_commands(commands: list[Json]) -> Iterator[str]:
    """List what is wrong with commands."""
    for name, times in Counter(command.get("name") for command in commands).items():
        if times > 1:
            yield f"Application command names must be unique: {name!r}"
    for command in commands:
        yield from _check_name(command.get("name"))
        if command.get("type", 1) != 1:
            continue
        yield from _check_about(command.get("description"))
        options = command.get("options") or []
        if len(options) > OPTIONS_LIMIT:
            yield "Must be 25 or fewer in length."
        yield from _check_options(options)
        if _letters(command) + sum(map(_letters, options)) > LETTERS_LIMIT:
            yield "Command exceeds maximum size (8000)"
        if set(command.get("contexts") or []) - {0, 1, 2}:
            yield "Contexts are 0, 1 and 2."


def _check_options(options: list[Json]) -> Iterator[str]:
    for name, times in Counter(option.get("name") for option in options).items():
        if times > 1:
            yield f"Option names must be unique: {name!r}"
    optional = False
    for option in options:
        yield from _check_name(option.get("name"))
        yield from _check_about(option.get("description"))
        if option.get("type") not in range(1, 12):
            yield f"{option.get('type')!r} is no type of option"
        if option.get("required") and optional:
            yield "Required options must be placed before non-required options"
        optional = optional or not option.get("required")
        choices = option.get("choices") or []
        if option.get("autocomplete") and (choices or option.get("type") not in (3, 4, 10)):
            yield "Autocomplete is for words and numbers without choices"
        if len(choices) > CHOICES_LIMIT:
            yield "Must be 25 or fewer in length."
        for choice in choices:
            if not 1 <= len(str(choice.get("name", ""))) <= 100 or len(str(choice.get("value", ""))) > 100:
                yield "A choice's name has 1 to 100 characters, its value up to 100."


def _check_name(name: object) -> Iterator[str]:
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name != name.lower():
        yield f"Command name is invalid: {name!r}"


def _check_about(about: object) -> Iterator[str]:
    if not isinstance(about, str) or not about.strip() or len(about) > 100:
        yield f"Must be between 1 and 100 in length: {about!r}"


def _letters(one: Json) -> int:
    choices = one.get("choices") or []
    shown = len(one.get("name") or "") + len(one.get("description") or "")
    return shown + sum(len(str(choice.get("name"))) + len(str(choice.get("value"))) for choice in choices)
