"""A Slack with Ana, Ben and Chi in #river, Eli outside, and an app that calls it by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.chat import Person
from bot.clock import MovedClock
from tests.adapters.slack_platform import SlackStand
from tests.adapters.slack_platform.bare_app import BareApp
from tests.adapters.slack_platform.scenery import START


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(wall=lambda: START)


@pytest.fixture
async def stand(clock: MovedClock) -> AsyncIterator[SlackStand]:
    stand = SlackStand(now=clock)
    for name in ("ana", "ben", "chi", "eli"):
        stand.add_person(Person(name, name.title(), "Europe/Berlin"))
    stand.add_channel("river", "river", creator="ana")
    stand.seat("river", "ben", "chi")
    await stand.start()
    yield stand
    await stand.stop()


@pytest.fixture
async def bare(stand: SlackStand) -> AsyncIterator[BareApp]:
    async with aiohttp.ClientSession() as session:
        bare = BareApp(stand, session)
        yield bare
        await bare.close()


@pytest.fixture
async def app(bare: BareApp) -> BareApp:
    await bare.connect()
    return bare
