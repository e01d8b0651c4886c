"""What nobody can do on Discord, people and programs alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from adapters.playground.refusals import RoomError
from bot.chat import Action
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.discord_platform.caller import Caller, Ear, button
from tests.adapters.discord_platform.scenery import COMMANDS, PING, UNTIL, offer


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda stand: stand.command("ana", "river", "/dance"), "Nobody offers the command /dance here."),
        (lambda stand: stand.command("ana", "river", "/ask me"), "/ask takes no words."),
        (lambda stand: stand.command("ana", "", "/away"), "Nobody offers the command /away here."),
        (lambda stand: stand.command("eli", "river", "/ask"), "Eli is not in #river."),
        (lambda stand: stand.command("chi", "", "/ask"), "Chi is in no channel."),
        (lambda stand: stand.press("ben", stand.posts[0].id, Action("no", "such")), "doesn't show that any more"),
        (lambda stand: stand.press("eli", stand.posts[0].id, PING), "Eli is not in #river."),
        (lambda stand: stand.press("ben", "5", PING), "That message is gone."),
        (lambda stand: stand.fill("ben", "f1", {}), "That form is closed."),
        (lambda stand: stand.say("ben", "river", "a", thread="5"), "There is no such thread here."),
        (lambda stand: stand.say("zoe", "river", "a"), "Nobody here is called 'zoe'."),
        (lambda stand: stand.leave_call("ben", "river"), "Ben is not in the call 'river'."),
        (lambda stand: stand.enter_call("eli", "river"), "Eli is not in #river."),
        (lambda stand: stand.react("ben", stand.posts[0].id, "👍", on=False), "You didn't react with that."),
    ],
)
async def test_what_nobody_could_do_is_refused(
    stand: DiscordStand, caller: Caller, ear: Ear, act: Callable[[DiscordStand], Awaitable[object]], why: str
) -> None:
    await offer(caller, button("Ping", "db1:check-in:ping::0"))
    with pytest.raises(RoomError) as refused:
        await act(stand)
    assert why in refused.value.why


async def test_without_drumbeat_nothing_responds(stand: DiscordStand, caller: Caller) -> None:
    with pytest.raises(RoomError, match="The application did not respond"):
        await stand.command("ana", "river", "/ask")


@pytest.mark.parametrize(
    "commands",
    [
        [{"name": "Loud", "description": "a"}],
        [{"name": "a", "description": " "}],
        [{"name": "a", "description": "a"}, {"name": "a", "description": "b"}],
        [{"name": "a", "description": "a", "options": [{**UNTIL, "choices": [{"name": "b", "value": "b"}]}]}],
        [{"name": "a", "description": "a", "options": [UNTIL, {**UNTIL, "name": "b", "required": True}]}],
        [{"name": "a", "description": "a", "options": [{**UNTIL, "type": 12}]}],
        {"name": "a", "description": "a"},
    ],
)
async def test_commands_that_break_the_rules_are_refused(stand: DiscordStand, caller: Caller, commands: object) -> None:
    path = f"/applications/{stand.drumbeat}/commands"
    assert await caller.refusal("PUT", path, commands) == (400, 50035)
    _, known = await caller.call("GET", path)
    assert [command["name"] for command in known] == ["ask", "away"]


async def test_a_command_that_was_known_is_not_created_again(stand: DiscordStand, caller: Caller) -> None:
    path = f"/applications/{stand.drumbeat}/commands"
    _, first = await caller.call("GET", path)
    _, second = await caller.call("PUT", path, [*COMMANDS, {"name": "new", "description": "a"}])
    assert [one["id"] for one in first] == [one["id"] for one in second[:2]]
    assert (stand.service.commands.created, stand.service.commands.written) == (3, 2)
    assert await caller.refusal("PUT", "/applications/5/commands", []) == (404, 10002)
