"""A reaction reaches the ritual whose post it was put on, alike on every platform."""

from __future__ import annotations

from typing import Any, cast

import pytest

from adapters.playground.scene import Post
from bot.chat import Commanded, Person, Reacted
from tests.adapters.discord_platform import happenings
from tests.adapters.slack_platform import SlackStand
from tests.hamlet import notices
from tests.stages import LineStage
from tests.town import RIVER, Found, Town

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GLOVE = "A glove"


@pytest.fixture
async def town(found_town: Found) -> Town:
    """The town, with a notice board as well."""
    town = await found_town()
    cast("dict[str, Any]", town.drumbeat.rituals.by_name)["notices"] = notices
    await town.start_movement()
    await command(town, "post", f"lost {GLOVE}")
    return town


async def command(town: Town, name: str, words: str) -> None:
    """Let Ana type a command that no platform was told of."""
    ana, place = town.person("ana"), town.place()
    await town.drumbeat.engine.hear(Commanded(id=name, who=ana, place=place, at=town.clock(), name=name, words=words))
    await town.settle()


def tada(platform: str) -> str:
    return "tada" if platform == "slack" else "🎉"


def glove(town: Town) -> Post:
    return town.post(GLOVE)


@SQLITE
async def test_a_reaction_is_heard_when_it_is_put_and_when_it_is_taken_back(town: Town, platform: str) -> None:
    await town.react("chi", glove(town), "tada")
    put = town.thread(glove(town))
    await town.react("chi", glove(town), "tada", on=False)
    assert (put, town.thread(glove(town))) == ([f"Chi put {tada(platform)}"], [f"Chi took back {tada(platform)}"])


@SQLITE
async def test_a_reaction_in_a_thread_is_heard(town: Town, platform: str) -> None:
    await command(town, "reply", "found lost It is mine")
    (reply,) = town.room.thread(glove(town).id)
    await town.react("chi", reply)
    assert (town.thread(glove(town)), town.channel()[-1]) == (["It is mine"], f"Chi put {tada(platform)}")


@SQLITE
async def test_a_reaction_that_a_platform_tells_twice_changes_nothing(town: Town, platform: str) -> None:
    await town.react("chi", glove(town), "tada")
    if isinstance(town.stage, LineStage):
        await town.stage.stand.redeliver_last()
    else:
        await town.room.redeliver(next(event for event in town.heard if isinstance(event, Reacted)))
    await town.settle()
    assert len([event for event in town.heard if isinstance(event, Reacted)]) == 2
    assert (town.thread(glove(town)), town.acts("reaction")) == ([f"Chi put {tada(platform)}"], [("chi", "reaction")])


@SQLITE
async def test_what_programs_react_is_not_heard(town: Town) -> None:
    town.room.add_person(Person("beep", "Beep", bot=True))
    town.room.seat(RIVER, "beep")
    await town.room.react("beep", glove(town).id, "🎉")
    await town.settle()
    assert (town.thread(glove(town)), [event for event in town.heard if isinstance(event, Reacted)]) == ([], [])


@SQLITE
@pytest.mark.parametrize("platform", ["slack", "discord"])  # in the room it cannot react
async def test_drumbeat_does_not_hear_its_own_reaction(town: Town) -> None:
    stand = town.stage.stand if isinstance(town.stage, LineStage) else None
    if isinstance(stand, SlackStand):
        line = stand.world.line(glove(town).id)
        assert line is not None
        telling = stand.platform.events.reaction(line, line.user, "tada", on=True)
        assert telling is not None
        await telling
    elif stand is not None:
        happenings.react(stand.service, stand.world.sent[glove(town).id], stand.world.bot.id, "🎉", on=True)
        await stand.service.gateway.arrived()
        await stand.quiet()
    assert [event for event in town.heard if isinstance(event, Reacted)] == []
