"""A made-up Discord that is open, a client without any library, and one connection of it that heard READY."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import MovedClock
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.discord_platform.caller import Caller, Ear
from tests.adapters.discord_platform.scenery import COMMANDS, START, make_stand


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(wall=lambda: START)


@pytest.fixture
async def stand(request: pytest.FixtureRequest, clock: MovedClock) -> AsyncIterator[DiscordStand]:
    """The scene, with both privileged intents; a test may ask for others."""
    privileged = getattr(request, "param", ("members", "message_content"))
    stand = make_stand(clock, *privileged)
    await stand.start()
    yield stand
    await stand.stop()


@pytest.fixture
async def caller(stand: DiscordStand) -> AsyncIterator[Caller]:
    async with Caller(stand) as caller:
        await caller.call("PUT", f"/applications/{stand.drumbeat}/commands", COMMANDS)
        yield caller


@pytest.fixture
async def ear(caller: Caller) -> Ear:
    ear = await caller.listen()
    await ear.next("READY")
    return ear
