"""Five hundred people in one channel of Discord, and one program."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.adapters.discord_platform import DiscordStand
from tests.adapters.discord_platform.interactions import COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.adapters.discord_platform.reading import action_of
from tests.adapters.discord_platform.reading_forms import submission
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.world import COMPONENTS_V2, Sent
from tests.bench.crowd import (
    ANSWERS,
    FIGURE,
    START_SECONDS,
    Program,
    Ready,
    button,
    gather_people,
    open_check_in,
    wall_clock,
)
from tests.town import RIVER

BUTTONS = {"press": FIGURE, "form opened": "Check in"}


class DiscordCrowd:
    """With ``shown``, which Drumbeat showed to another crowd, these people see the same from a program that cannot."""

    def __init__(self, program: Program, *, shown: DiscordCrowd | None = None) -> None:
        self.program = program
        self.stand = DiscordStand(now=wall_clock, strict=False)
        self._shown = shown
        self.board: Sent
        self.form: Json
        self.parts: dict[str, Json]

    async def start(self) -> None:
        gather_people(self.stand)
        await self.stand.start()
        self.program.environment |= {"DISCORD_TOKEN": self.stand.token, "DISCORD_API_URL": self.stand.api_url}
        await self.program.start()
        await self.stand.wait_until(lambda: self.stand.connected > 0, START_SECONDS)
        await self.stand.wait_until(lambda: "rituals" in self._offered(), START_SECONDS)

    def _offered(self) -> dict[str, Json]:
        return self.stand.service.commands.offered(self.stand.native("movement"))

    async def play(self) -> None:
        """Let there be a check-in to answer, and see what its form looks like."""
        world = self.stand.world
        if self._shown is not None:
            board, self.form, self.parts = self._shown.board, self._shown.form, self._shown.parts
            river = world.channels[self.stand.native(RIVER)]
            self.board = world.write(river, world.bot.id, components=board.components, flags=COMPONENTS_V2)
            return
        post = await open_check_in(self.stand)
        self.board = world.sent[post.id]
        parts = [part for row in self.board.components for part in row.get("components", []) if "custom_id" in part]
        self.parts = {
            act: next(part for part in parts if action_of(part["custom_id"]) == button(post, label))
            for act, label in BUTTONS.items()
        }
        opening = self._ready("ana", COMPONENT, self._tapped("form opened"), self.board)
        await opening()
        self.form = next(one.modal for one in reversed(self._interactions()) if one.modal is not None)

    def _interactions(self) -> list[Interaction]:
        return list(self.stand.service.interactions.by_id.values())

    async def stop(self) -> None:
        await self.program.stop()
        await self.stand.stop()

    def prepare(self, act: str, people: Sequence[str]) -> list[Ready]:
        """Get an act of each of these people ready."""
        return [self._prepare(act, person) for person in people]

    def _prepare(self, act: str, person: str) -> Ready:
        if act == "command":
            where = self.stand.world.channels[self.stand.native(RIVER)]
            return self._ready(person, COMMAND, self.stand._typed(where, "rituals", ""), None)
        if act == "form sent":
            components = submission(self.form, ANSWERS, self.stand.native)
            return self._ready(
                person, MODAL_SUBMIT, {"custom_id": self.form["custom_id"], "components": components}, self.board
            )
        return self._ready(person, COMPONENT, self._tapped(act), self.board)

    def _tapped(self, act: str) -> Json:
        part = self.parts[act]
        return {"component_type": part["type"], "custom_id": part["custom_id"], "id": part["id"]}

    def _ready(self, person: str, kind: int, data: Json, message: Sent | None) -> Ready:
        world = self.stand.world
        where = world.channels[self.stand.native(RIVER)]
        native = self.stand.native(person)
        made = Interaction(world.mint.new(), kind, native, where, world.now(), 0.0, message)
        return partial(self._send, made, self.stand._payload(made, data))

    async def _send(self, interaction: Interaction, payload: Json) -> None:
        service = self.stand.service
        interaction.sent = asyncio.get_running_loop().time()
        service.interactions.add(interaction)
        service.gateway.tell("INTERACTION_CREATE", payload, server=interaction.channel.server)
        async with asyncio.timeout(service.interactions.answer_seconds):
            await interaction.answered.wait()


def discord_programs(folder: Path, database: str) -> list[DiscordCrowd]:
    """Give Drumbeat, and what it is measured by."""
    drumbeat = DiscordCrowd(Program("Drumbeat", folder / "drumbeat", "-m", "bot", "run"))
    drumbeat.program.environment |= {"DATABASE_URL": database, "LOG_LEVEL": "warning"}
    bare = Program("discord.py", folder / "bare", "-m", "tests.bench.bare_discord")
    return [drumbeat, DiscordCrowd(bare, shown=drumbeat)]
