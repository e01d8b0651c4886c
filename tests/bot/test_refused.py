"""One platform refuses Drumbeat for good: the other goes on, and whoever runs it reads why."""

from __future__ import annotations

import asyncio

import pytest

from adapters.playground import Room
from bot.chat import Chat, ConnectError, Hear
from bot.config import Config
from bot.main import assemble
from tests.logged import log
from tests.town import stopped_clock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Refusing(Room):
    """A platform whose token is wrong."""

    platform = "discord"

    async def run(self, hear: Hear) -> None:
        raise ConnectError(f"{self.platform} does not know this token.")


class RefusingToo(Refusing):
    """A second one."""

    platform = "slack"


class Listening(Room):
    """A platform that is well, and says so."""

    platform = "slack"

    def begin(self) -> asyncio.Event:
        self.connected = asyncio.Event()
        return self.connected

    async def run(self, hear: Hear) -> None:
        self.listen(hear)
        self.connected.set()
        await asyncio.Event().wait()


async def test_the_other_platform_goes_on_and_the_log_says_what_to_do(database_url: str) -> None:
    clock = stopped_clock()
    room = Listening(now=clock)
    connected = room.begin()
    chats: dict[str, Chat] = {"discord": Refusing(now=clock), "slack": room}
    drumbeat = assemble(Config(database_url=database_url), chats=chats, now=clock)
    with log() as logged:
        running = asyncio.create_task(drumbeat.run())
        async with asyncio.timeout(10):
            await connected.wait()
        await asyncio.sleep(0)
        assert not running.done()
        running.cancel()
        await asyncio.wait({running})
    drumbeat.close()
    assert [(line["platform"], line["sentence"]) for line in logged if line["event"] == "refused"] == [
        ("discord", "discord does not know this token.")
    ]


async def test_where_every_platform_refuses_the_program_ends_with_the_sentence(database_url: str) -> None:
    clock = stopped_clock()
    chats: dict[str, Chat] = {"discord": Refusing(now=clock), "slack": RefusingToo(now=clock)}
    drumbeat = assemble(Config(database_url=database_url), chats=chats, now=clock)
    with log(), pytest.raises(ExceptionGroup) as ended:
        async with asyncio.timeout(10):
            await drumbeat.run()
    drumbeat.close()
    assert [str(error) for error in ended.value.exceptions] == ["slack does not know this token."]
