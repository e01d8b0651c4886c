"""Something that a person does on Discord and waits for: a command, a press, a form, words being typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from discord.utils import snowflake_time

from adapters.discord.commands import read_command
from adapters.discord.forms import read_opening
from adapters.discord.people import Acquaintances, read_person
from adapters.discord.places import PLATFORM, Places
from adapters.discord.render import EPHEMERAL, OURS, TEXT_INPUT
from adapters.discord.servers import Servers
from bot.chat import Action, Commanded, Pressed, Submitted, ViewError

Json = Mapping[str, Any]

COMMAND, PRESS, TYPING, FORM = 2, 3, 4, 5
RADIO_GROUP: Final = 21

Asking = Commanded | Pressed | Submitted


@dataclass(frozen=True, slots=True)
class Interaction:
    """One of them, as Discord tells it. ``by`` is when we have to have answered, on the loop's clock."""

    told: Json
    by: float

    @property
    def id(self) -> str:
        return str(self.told["id"])

    @property
    def token(self) -> str:
        return str(self.told["token"])

    @property
    def application(self) -> str:
        return str(self.told["application_id"])

    @property
    def kind(self) -> int:
        return int(self.told["type"])

    @property
    def data(self) -> Json:
        data: Json = self.told.get("data") or {}
        return data

    @property
    def person(self) -> str:
        return str(self._user["id"])

    @property
    def message(self) -> str:
        """The post of ours that it stands on; '' for a whisper, which nobody else can see or find again."""
        message = self.told.get("message") or {}
        return "" if int(message.get("flags") or 0) & EPHEMERAL else str(message.get("id") or "")

    @property
    def on_message(self) -> bool:
        """Tell whether it came from a button, or from a form that a button opened."""
        return bool(self.told.get("message"))

    @property
    def opening(self) -> str | None:
        """The key of the form that is to be opened again, if that is what was pressed."""
        written = str(self.data.get("custom_id") or "")
        return read_opening(written.removeprefix(OURS)) if self.kind == PRESS else None

    @property
    def action(self) -> Action | None:
        """What the button or form is for; nothing if another Drumbeat made it."""
        written = str(self.data.get("custom_id") or "")
        try:
            return Action.decode(written.removeprefix(OURS)) if written.startswith(OURS) else None
        except ViewError:
            return None

    @property
    def answers(self) -> dict[str, str | tuple[str, ...]]:
        """What was filled in, by the names of the fields."""
        fields = [label.get("component") or {} for label in self.data.get("components") or ()]
        return {str(field["custom_id"]): _read(field) for field in fields if "custom_id" in field}

    @property
    def _user(self) -> Json:
        user: Json = (self.told.get("member") or self.told).get("user") or {}
        return user

    async def as_event(self, servers: Servers, places: Places, met: Acquaintances) -> Asking | None:
        """Say in our language what happened; nothing when it is about what we don't know."""
        place = await places.find(self.told, person=self.person)
        who = read_person(self._user, self.told.get("member"), servers.find(place.workspace), place.channel)
        if place.channel:
            met.meet(place.workspace, who)
        # The same for a redelivery: Discord sends again what it could not see arriving.
        event_id = f"{PLATFORM}/interaction/{self.id}"
        at = snowflake_time(int(self.id))
        if self.kind == COMMAND:
            name, words = read_command(self.data)
            return Commanded(id=event_id, who=who, place=place, at=at, name=name, words=words)
        action = self.action
        if action is None:
            return None
        if self.kind == FORM:
            return Submitted(id=event_id, who=who, place=place, at=at, action=action, answers=self.answers)
        choice = str(next(iter(self.data.get("values") or ()), ""))
        return Pressed(id=event_id, who=who, place=place, at=at, action=action, choice=choice, message=self.message)


def _read(field: Json) -> str | tuple[str, ...]:
    match field.get("type"):
        case int(kind) if kind == TEXT_INPUT:
            return str(field.get("value") or "")
        case int(kind) if kind == RADIO_GROUP:
            return (str(field["value"]),) if field.get("value") else ()
        case _:
            return tuple(map(str, field.get("values") or ()))
