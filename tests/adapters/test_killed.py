"""The real program on Slack and Discord at once, killed twenty times while thirty people answer on each."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from adapters.playground.refusals import RoomError
from bot.chat import Form, Person, Whisper
from bot.plain import read_aloud
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.slack_platform import SlackStand
from tests.town import RIVER

ROOT = Path(__file__).parents[2]
KILLS = 20
ANSWERERS = tuple(f"p{number:02}" for number in range(30))
LONGEST_LIFE_SECONDS = 2.2
# How long somebody looks whether a form or a whisper comes.
PATIENCE_SECONDS = 2
THANKS = "Thank you. Your answer goes into the thread.\n"

Stand = SlackStand | DiscordStand


class Program:
    """Drumbeat as a process of its own, started and killed at will."""

    def __init__(self, folder: Path, slack: SlackStand, discord: DiscordStand) -> None:
        self.folder = folder
        self.environment = {
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ["PATH"],
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "DATABASE_URL": f"sqlite:///{folder / 'drumbeat.db'}",
            "LOG_LEVEL": "warning",
        }
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with (self.folder / "log.txt").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )

    async def kill(self) -> None:
        assert self.process is not None
        assert self.process.returncode is None, (self.folder / "log.txt").read_text()
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def platforms() -> AsyncIterator[tuple[SlackStand, DiscordStand]]:
    def now() -> datetime:
        return datetime.now(UTC)

    slack, discord = SlackStand(now=now), DiscordStand(now=now)
    for stand in (slack, discord):
        for person in ("ana", *ANSWERERS):
            stand.add_person(Person(person, person.capitalize(), "Europe/Berlin"))
        stand.add_channel(RIVER, "river", creator="ana")
        stand.seat(RIVER, *ANSWERERS)
    slack.patience = PATIENCE_SECONDS
    await slack.start()
    await discord.start()
    try:
        yield slack, discord
    finally:
        await slack.stop()
        await discord.stop()


def is_connected(stand: Stand) -> bool:
    """Tell whether the program hears what happens there."""
    return bool(stand.connected if isinstance(stand, DiscordStand) else stand.platform.sockets.open)


async def begin(stand: Stand) -> None:
    """Start a movement, and a check-in in it."""
    await stand.command("ana", RIVER, "/drumbeat")
    opened = stand.form("ana")
    assert opened is not None
    answers = {"name": "Clean River", "next-step": "Bring one friend"}
    if isinstance(stand, DiscordStand):
        answers |= {"zone": "Europe/Berlin"}
    await stand.fill("ana", opened.id, answers)
    await stand.command("ana", RIVER, "/checkin now")
    await stand.wait_until(lambda: len(stand.channel_messages(RIVER)) == 2, 15)


async def answer(stand: Stand, who: str, chance: random.Random) -> None:
    """Answer the check-in, and insist where Slack or Discord shows an error, as people do."""
    board = stand.channel_messages(RIVER)[1]
    assert board.view is not None
    action = board.view.actions[0]
    while True:
        await asyncio.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
        with contextlib.suppress(RoomError):
            opened = await stand.press(who, board.id, action)
            if not isinstance(opened, Form):
                continue
            form = stand.form(who)
            assert form is not None
            written = {field.name: getattr(field, "value", "") for field in form.form.fields}
            kept = await stand.fill(who, form.id, written | {"q1": f"The answer of {who}"})
            # Slack closes the form and thanks a moment later; Discord does both at once.
            if kept is None or (isinstance(kept, Whisper) and read_aloud(kept.message).startswith(THANKS)):
                return


async def kill_and_start_again(program: Program, chance: random.Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.1, LONGEST_LIFE_SECONDS))
        await program.kill()
        await program.start()


def shown(stand: Stand) -> tuple[list[str], list[str]]:
    """Give the first line of every post in the channel, and every answer in the thread of the check-in."""
    posts = stand.channel_messages(RIVER)
    thread = [post.text for post in stand.thread(posts[1].id)]
    answers = [line for text in thread for line in text.splitlines() if "The answer of" in line]
    return [post.text.splitlines()[0].split(",")[0] for post in posts], sorted(answers)


def is_settled(stand: Stand) -> bool:
    """Tell whether everything is shown that was answered."""
    return len(shown(stand)[1]) >= len(ANSWERERS) and "\n30 " in stand.channel_messages(RIVER)[1].text


@pytest.mark.timeout(240)
async def test_no_answer_is_lost_and_no_post_doubled_however_often_it_is_killed(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311 - the same moments in every run, as far as a machine allows
    async with platforms() as stands:
        program = Program(tmp_path, *stands)
        await program.start()
        try:
            for stand in stands:
                await stand.wait_until(partial(is_connected, stand), 30)
                await begin(stand)
            async with asyncio.TaskGroup() as group:
                group.create_task(kill_and_start_again(program, chance))
                for stand in stands:
                    for who in ANSWERERS:
                        group.create_task(answer(stand, who, chance))
            expected = (
                ["Clean River starts here", "Check-in"],
                sorted(f"> 1. The answer of {who}" for who in ANSWERERS),
            )
            for stand in stands:
                with contextlib.suppress(TimeoutError):
                    await stand.wait_until(partial(is_settled, stand), 60)
                assert shown(stand) == expected
                assert "\n30 people have answered. " in stand.channel_messages(RIVER)[1].text
        finally:
            await program.kill()
    assert "Traceback" not in (tmp_path / "log.txt").read_text(encoding="utf-8")
