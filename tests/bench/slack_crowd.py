"""Five hundred people in one channel of Slack, and one program."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.adapters.slack_platform import SlackStand
from tests.adapters.slack_platform.filling import fill_in
from tests.adapters.slack_platform.interactions import Interactions, tap
from tests.adapters.slack_platform.reading import find_element
from tests.adapters.slack_platform.refusing import Json
from tests.adapters.slack_platform.triggers import Trigger
from tests.adapters.slack_platform.world import Line
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


class SlackCrowd:
    """With ``shown``, which Drumbeat showed to another crowd, these people see the same from a program that cannot."""

    def __init__(self, program: Program, *, shown: SlackCrowd | None = None) -> None:
        self.program = program
        self.stand = SlackStand(now=wall_clock, strict=False)
        self._platform = self.stand.platform
        self._interactions = Interactions(self._platform)
        self._shown = shown
        self.board: Line
        self.form: Json
        self.parts: dict[str, tuple[Json, Json]]

    async def start(self) -> None:
        stand = self.stand
        gather_people(stand)
        # That these people came is old news, which no program is told.
        await self._platform.dispatch.close()
        await stand.start()
        self.program.environment |= {
            "SLACK_BOT_TOKEN": stand.bot_token,
            "SLACK_APP_TOKEN": stand.app_token,
            "SLACK_API_URL": stand.api_url,
            "BARE_CHANNEL": stand.native(RIVER),
        }
        await self.program.start()
        await stand.wait_until(lambda: bool(self._platform.sockets.open), START_SECONDS)

    async def play(self) -> None:
        """Let there be a check-in to answer, and see what its form looks like."""
        if self._shown is not None:
            board, self.form, self.parts = self._shown.board, self._shown.form, self._shown.parts
            river = self.stand.world.conversations[self.stand.native(RIVER)]
            bot = self.stand.world.workspaces[river.team].bot_user
            self.board = self._platform.write(river, bot, board.text, blocks=board.blocks)
            return
        self.stand.patience = 5
        post = await open_check_in(self.stand)
        line = self.stand.world.line(post.id)
        assert line is not None
        self.board = line
        found = {act: find_element(line.blocks, button(post, label)) for act, label in BUTTONS.items()}
        self.parts = {act: one for act, one in found.items() if one is not None}
        await self.stand.press("ana", post.id, button(post, BUTTONS["form opened"]))
        view = self.stand.world.top(self.stand.native("ana"))
        assert view is not None
        self.form = view.content

    async def stop(self) -> None:
        await self.program.stop()
        await self.stand.stop()

    def prepare(self, act: str, people: Sequence[str]) -> list[Ready]:
        """Get an act of each of these people ready."""
        return [self._prepare(act, person) for person in people]

    def _prepare(self, act: str, person: str) -> Ready:
        world = self.stand.world
        user = world.users[self.stand.native(person)]
        river = world.conversations[self.stand.native(RIVER)]
        self._platform.clear_views(user.id)
        if act == "command":
            envelope, _ = self._interactions.command(river, user, "/rituals", "")
        elif act == "form sent":
            trigger = Trigger(river.team, user.id, river.id, "", time.monotonic())
            view = self._platform.new_view(world.workspaces[river.team], trigger, self.form)
            values = fill_in(self.form, ANSWERS, native=self.stand.native, zone="Europe/Berlin")
            envelope = self._interactions.submission(view, user, values)
        else:
            block, element = self.parts[act]
            envelope = self._interactions.press(self.board, user, block, tap(block, element, ""))
        return partial(self._platform.dispatch.ask, envelope)


BUTTONS = {"press": FIGURE, "form opened": "Check in"}


def slack_programs(folder: Path, database: str) -> list[SlackCrowd]:
    """Give Drumbeat, and what it is measured by."""
    drumbeat = SlackCrowd(Program("Drumbeat", folder / "drumbeat", "-m", "bot", "run"))
    drumbeat.program.environment |= {"DATABASE_URL": database, "LOG_LEVEL": "warning"}
    app = "tests.bench.bare_slack"
    plain, tuned = (
        Program("bolt", folder / "bolt", "-m", app),
        Program("bolt tuned", folder / "tuned", "-m", app, "tuned"),
    )
    return [drumbeat, SlackCrowd(plain, shown=drumbeat), SlackCrowd(tuned, shown=drumbeat)]
