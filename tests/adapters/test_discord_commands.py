"""The commands that Discord offers for Drumbeat."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.chat import Commanded, Said
from tests.adapters.discord_house import AWAY, HELP, House, discord_house


def offered(house: House) -> list[str]:
    """What Discord offers people to type."""
    return sorted(house.stand.service.commands.offered(house.native("movement")))


async def test_commands_are_offered_once_and_again_only_when_they_change() -> None:
    async with discord_house() as house:
        assert offered(house) == ["away", "drumbeat"]
        await house.restart()
        assert len(house.calls("PUT", "/commands")) == 1
        house.commands = [AWAY]
        await house.restart()
        assert (offered(house), len(house.calls("PUT", "/commands"))) == (["away"], 2)


class Memory:
    """A database that only holds a few words."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def recall(self, key: str) -> str:
        return self.kept.get(key, "")

    async def keep(self, key: str, value: str) -> None:
        self.kept[key] = value


async def test_whoever_remembers_what_was_offered_need_not_ask() -> None:
    async with discord_house(remember=Memory()) as house:
        await house.restart()
        house.commands = [HELP]
        await house.restart()
        assert len(house.calls("PUT", "/commands")) == 2
        assert house.calls("GET", "/commands") == []
        assert offered(house) == ["drumbeat"]


class Unlucky(Memory):
    """Whenever something is looked up in it, Discord takes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.fail: Callable[[], None] = lambda: None

    async def recall(self, key: str) -> str:
        self.fail()
        return await super().recall(key)


async def test_commands_that_discord_does_not_take_keep_nobody_from_anything() -> None:
    memory = Unlucky()
    async with discord_house(connect=False, remember=memory) as house:
        memory.fail = lambda: house.stand.fail_requests(1)
        await house.connect()
        await house.stand.say("ana", "river", "Hello")
        assert [heard.words for heard in house.of(Said)] == ["Hello"]
        assert (offered(house), memory.kept) == ([], {})
        memory.fail = lambda: None
        await house.restart()
        assert offered(house) == ["away", "drumbeat"]


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("", ("until friday", "back")),
        ("FRI", ("until friday", "FRI")),
        ("until monday", ("until monday",)),
        ("back", ("back",)),
        ("x" * 101, ()),
    ],
)
async def test_while_somebody_types_what_fits_is_suggested(typed: str, suggested: tuple[str, ...]) -> None:
    async with discord_house() as house:
        assert await house.stand.complete("ben", "river", f"/away {typed}") == suggested
        assert house.of(Commanded) == []
