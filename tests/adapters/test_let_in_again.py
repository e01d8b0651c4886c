"""Drumbeat loses its place in a channel and gets it back: nothing of what happened meanwhile is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.adapters.discord_platform import DiscordStand
from tests.adapters.slack_platform import SlackStand
from tests.stages import LineStage
from tests.town import RIVER, Found, Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Change = Callable[[Town], None]


def slack(town: Town) -> SlackStand:
    assert isinstance(town.stage, LineStage)
    assert isinstance(town.stage.stand, SlackStand)
    return town.stage.stand


def discord(town: Town) -> DiscordStand:
    assert isinstance(town.stage, LineStage)
    assert isinstance(town.stage.stand, DiscordStand)
    return town.stage.stand


TROUBLES: list[tuple[str, Change, Change]] = [
    ("slack", lambda town: slack(town).archive(RIVER), lambda town: slack(town).unarchive(RIVER)),
    (
        "slack",
        lambda town: slack(town).set_scopes(slack(town).platform.found("movement").scopes - {"chat:write"}),
        lambda town: slack(town).set_scopes(slack(town).platform.found("movement").scopes | {"chat:write"}),
    ),
    (
        "discord",
        lambda town: discord(town).forbid(RIVER, "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS"),
        lambda town: discord(town).permit(RIVER, "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS"),
    ),
    (
        "discord",
        lambda town: discord(town).forbid(RIVER, "VIEW_CHANNEL"),
        lambda town: discord(town).permit(RIVER, "VIEW_CHANNEL"),
    ),
]


@pytest.mark.parametrize(("platform", "shut", "open_again"), TROUBLES, ids=["archive", "scope", "send", "view"])
async def test_answers_given_while_the_channel_was_shut_appear_once_it_is_open_again(
    found_town: Found, shut: Change, open_again: Change
) -> None:
    town = await found_town()
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Before")
    await town.press("ben", "Check in", on=board)
    form = town.form("ben")
    shut(town)
    # Words in a form reach Drumbeat however little it may write in the channel.
    await town.submit("ben", form.form.action, {"q1": "Meanwhile"}, place=town.place())
    await town.wait(minutes=2)
    open_again(town)
    await town.wait(minutes=1)
    await town.command("ana", "/drumbeat")
    await town.wait(minutes=2)
    shown = "\n".join(town.thread(board))
    assert ("> 1. Before" in shown, "> 1. Meanwhile" in shown) == (True, True)
    assert "\n2 people have answered. " in town.board().text
    await town.press("dee", "Check in", on=board)
    await town.fill("dee", q1="After")
    assert "\n3 people have answered. " in town.board().text


@pytest.mark.parametrize("platform", ["slack"])
async def test_organizers_are_told_once_what_to_do_about_a_channel_that_is_shut(found_town: Found) -> None:
    town = await found_town()
    await town.start_movement()
    slack(town).archive(RIVER)
    await town.wait(days=1)
    (told,) = [words for words in town.inbox("ana") if words.startswith("I could not post")]
    assert told.startswith("I could not post in the channel of Clean River: #river is archived. Unarchive it")
    assert told.endswith("Then type /drumbeat there, and I catch up. Everything else goes on.")
