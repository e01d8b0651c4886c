"""Interactions: what an application may answer, once, within three seconds, and what it may send after.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tests.adapters.discord_platform.checks import check_message, check_modal
from tests.adapters.discord_platform.refusing import Json, Refused, wrong
from tests.adapters.discord_platform.world import COMPONENTS_V2, EPHEMERAL, LOADING, Channel, Sent

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ANSWER_SECONDS = 3.0
TOKEN_LIFE = timedelta(minutes=15)
CHOICES_LIMIT = 25
KEPT = 20_000

_ALLOWED: Final[dict[int, tuple[int, ...]]] = {
    COMMAND: (MESSAGE, DEFER, MODAL),
    COMPONENT: (MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (MESSAGE, DEFER, DEFER_UPDATE, UPDATE),
}


@dataclass(slots=True, eq=False)
class Interaction:
    """Something that a person did with the application, and what came back."""

    id: str
    kind: int
    person: str
    channel: Channel
    at: datetime
    sent: float
    message: Sent | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    answer: int = 0
    original: Sent | None = None
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    shown: list[Sent] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    followed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def allowed(self) -> tuple[int, ...]:
        """The types of answer that this kind of interaction may get."""
        allowed = _ALLOWED[self.kind]
        updates = self.message is not None or self.kind != MODAL_SUBMIT
        return allowed if updates else tuple(one for one in allowed if one not in (DEFER_UPDATE, UPDATE))

    @property
    def expects_more(self) -> bool:
        """An answer was promised and has not come yet."""
        return self.answer == DEFER and not self.followed.is_set()


class Interactions:
    """All interactions by their ids and tokens."""

    def __init__(self, now: Callable[[], datetime], *, strict: bool) -> None:
        self.answer_seconds = ANSWER_SECONDS
        self._now = now
        self._strict = strict
        self.by_id: dict[str, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}

    def add(self, interaction: Interaction) -> None:
        """Begin the three seconds."""
        self.by_id[interaction.id] = interaction
        self.by_token[interaction.token] = interaction
        if len(self.by_id) > KEPT:
            oldest = self.by_id.pop(next(iter(self.by_id)))
            del self.by_token[oldest.token]

    def open(self, interaction_id: str, token: str, body: Json, files: dict[str, bytes]) -> Interaction:
        """Find the interaction that is answered; refuse an answer that it may not get."""
        interaction = self.by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise Refused(10062)
        if interaction.answer:
            raise Refused(40060)
        if asyncio.get_running_loop().time() - interaction.sent > self.answer_seconds:
            raise Refused(10062)
        kind = body.get("type")
        if kind not in interaction.allowed:
            raise wrong("type", f"Value must be one of {{{', '.join(map(str, interaction.allowed))}}}.")
        if self._strict:
            self._check(interaction, kind, body.get("data"), files)
        return interaction

    def followed(self, application: str, token: str, *, bot: str) -> Interaction:
        """Find the interaction that more is sent for, a quarter of an hour long."""
        interaction = self.by_token.get(token)
        if application != bot or interaction is None or not interaction.answer:
            raise Refused(10015)
        if self._now() - interaction.at > TOKEN_LIFE:
            raise Refused(50027)
        return interaction

    def _check(self, interaction: Interaction, kind: int, data: object, files: dict[str, bytes]) -> None:
        body = data if isinstance(data, dict) else {}
        if kind == MESSAGE:
            check_message(body, files, before="data.", answer=True)
        elif kind == UPDATE and interaction.message is not None:
            v2 = bool(interaction.message.flags & COMPONENTS_V2)
            check_message(body, files, before="data.", edit=True, answer=True, v2=v2)
        elif kind == DEFER and (body.get("flags") or 0) & ~EPHEMERAL:
            raise wrong("data.flags", "Only EPHEMERAL can be set on a deferred answer.")
        elif kind == MODAL:
            check_modal(data)
        elif kind == CHOICES:
            _check_choices(body.get("choices"))


def is_loading(sent: Sent | None) -> bool:
    """Tell whether a message only says 'thinking…'."""
    return sent is not None and bool(sent.flags & LOADING)


def _check_choices(choices: object) -> None:
    if not isinstance(choices, list):
        raise wrong("data.choices", "This field is required")
    if len(choices) > CHOICES_LIMIT:
        raise wrong("data.choices", "Must be 25 or fewer in length.")
    for choice in choices:
        for key in ("name", "value"):
            if not isinstance(choice.get(key), str) or not 1 <= len(choice[key]) <= 100:
                raise wrong("data.choices", f"A choice's {key} has 1 to 100 characters.")
