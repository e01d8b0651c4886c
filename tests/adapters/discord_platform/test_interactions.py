"""What may be answered to an interaction, how often and how late, and what may follow."""

from __future__ import annotations

import asyncio

import pytest

from adapters.playground.refusals import RoomError
from bot.clock import MovedClock
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.discord_platform.caller import V2, Caller, text
from tests.adapters.discord_platform.scenery import FORM, ask, move


async def test_an_interaction_takes_one_answer(stand: DiscordStand, caller: Caller) -> None:
    pressed, interaction = await ask(stand, caller)
    assert (await caller.answer({**interaction, "token": "wrong"}, 6))[1]["code"] == 10062
    assert (await caller.answer({**interaction, "id": "5"}, 6))[1]["code"] == 10062
    assert (await caller.answer(interaction, 4, text("a" * 4001, flags=V2 | 64)))[1]["code"] == 50035
    assert await caller.answer(interaction, 4, text("Pong", flags=V2 | 64)) == (204, None)
    assert (await caller.answer(interaction, 6))[1]["code"] == 40060
    await pressed
    assert [post.text for post in stand.whispers("ana")] == ["Pong"]
    assert [post.text for post in stand.posts] == ["Hello\n[Ping]"]


async def test_an_answer_may_count_though_its_receipt_is_lost(stand: DiscordStand, caller: Caller) -> None:
    pressed, interaction = await ask(stand, caller)
    stand.fail_requests(1, status=500)
    stand.fail_answers(1)
    stand.fail_answers(1, after_storing=True)
    statuses = [(await caller.answer(interaction, 6))[0] for _ in range(4)]
    assert (statuses, await pressed) == ([500, 502, 502, 400], None)


async def test_an_answer_after_three_seconds_comes_too_late(stand: DiscordStand, caller: Caller) -> None:
    assert stand.service.interactions.answer_seconds == 3
    stand.service.interactions.answer_seconds = 0.01
    pressed, interaction = await ask(stand, caller)
    with pytest.raises(RoomError, match="The application did not respond"):
        await pressed
    assert (await caller.answer(interaction, 6))[1]["code"] == 10062


async def test_a_form_is_not_answered_by_a_form(stand: DiscordStand, caller: Caller) -> None:
    pressed, interaction = await ask(stand, caller)
    status, told = await caller.answer(interaction, 9, FORM, with_response="1")
    assert (status, told["resource"]) == (200, {"type": 9})
    await pressed
    opened = stand.form("ana")
    assert opened is not None
    ear = await caller.listen()
    await ear.next("READY")
    with pytest.raises(RoomError, match="80 fit"):
        await stand.fill("ana", opened.id, {"what": "a" * 81})
    filled = asyncio.create_task(stand.fill("ana", opened.id, {"what": "Why?"}))
    sent = await ear.next("INTERACTION_CREATE")
    assert sent["data"] == {
        "custom_id": "db1:check-in:ping::0",
        "components": [{"type": 18, "id": 1, "component": {"id": 2, "type": 4, "custom_id": "what", "value": "Why?"}}],
    }
    assert (await caller.answer(sent, 9, FORM))[1]["code"] == 50035
    assert await caller.answer(sent, 6) == (204, None)
    await filled
    assert stand.form("ana") is None


async def test_what_follows_a_deferral_is_as_private_as_the_deferral(stand: DiscordStand, caller: Caller) -> None:
    pressed, interaction = await ask(stand, caller)
    assert (await caller.follow("POST", interaction, text("a")))[1]["code"] == 10015
    assert (await caller.answer(interaction, 5, {"flags": V2}))[1]["code"] == 50035
    status, told = await caller.answer(interaction, 5, {"flags": 64}, with_response="1")
    assert (status, told["interaction"]["response_message_ephemeral"]) == (200, True)
    assert stand.whispers("ana") == ()
    assert (await caller.follow("POST", interaction, text("Here it is")))[0] == 200
    await pressed
    assert [post.text for post in stand.whispers("ana")] == ["Here it is"]
    assert (await caller.follow("POST", interaction, text("For all")))[0] == 200
    assert [post.text for post in stand.posts] == ["Hello\n[Ping]", "For all"]
    private = text("Here it is again", flags=V2 | 64)
    assert (await caller.follow("PATCH", interaction, private, "@original"))[1]["code"] == 50035
    assert (await caller.follow("PATCH", interaction, text("Here it is again"), "@original"))[0] == 200
    assert [post.text for post in stand.whispers("ana")] == ["Here it is again"]
    assert (await caller.follow("DELETE", interaction, message="@original"))[0] == 204
    assert (await caller.follow("PATCH", interaction, text("a"), "@original"))[1]["code"] == 10008
    assert stand.whispers("ana") == ()


async def test_an_interaction_is_over_after_a_quarter_of_an_hour(
    stand: DiscordStand, caller: Caller, clock: MovedClock
) -> None:
    pressed, interaction = await ask(stand, caller)
    await caller.answer(interaction, 6)
    await pressed
    move(clock, minutes=16)
    status, told = await caller.follow("POST", interaction, text("a"))
    assert (status, told["code"]) == (401, 50027)
