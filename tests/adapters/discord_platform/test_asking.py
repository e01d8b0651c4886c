"""What people get to see when they ask Drumbeat for something on the made-up Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from adapters.playground.refusals import RoomError
from bot.chat import Action, Form, Person, Problems, Whisper, Words
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.discord_platform.caller import V2, Caller, Ear, button, text
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.scenery import FORM, PING, offer

Reply = tuple[int, object]
WHISPER = V2 | 64
AGAIN = text(
    "",
    flags=WHISPER,
    components=[
        {"type": 10, "content": "That is not sent yet."},
        {"type": 10, "content": "**What?\\:** Say more."},
        {"type": 10, "content": "What?\n> Hm"},
        button("Try again", "db1:open/7"),
    ],
)


async def while_answering(
    caller: Caller, ear: Ear, act: Awaitable[object], *replies: Reply
) -> tuple[object, list[Json]]:
    """Let somebody act, and answer each interaction that comes with the next reply; gives what came back and them."""
    acting = asyncio.ensure_future(act)
    asked: list[Json] = []
    before = len(ear.heard)
    for kind, data in replies:
        asked.append(await ear.next("INTERACTION_CREATE", after=before))
        before = len(ear.heard)
        assert (await caller.answer(asked[-1], kind, data))[0] == 204
    return await acting, asked


# ------------------------------------------------------------------------------------------------ asking


async def test_a_command_brings_its_words_in_the_option_that_takes_them(
    stand: DiscordStand, caller: Caller, ear: Ear
) -> None:
    act = stand.command("ana", "river", "/Away until friday")
    answer, (asked,) = await while_answering(caller, ear, act, (4, text("Rest well.", flags=WHISPER)))
    assert answer == Whisper("Rest well.")
    assert (asked["data"]["name"], asked["data"]["options"]) == (
        "away",
        [{"name": "until", "type": 3, "value": "until friday"}],
    )
    assert (asked["channel_id"], asked["member"]["user"]["global_name"]) == (stand.native("river"), "Ana")
    assert int(asked["member"]["permissions"]) & 1 << 4, "who made a channel may govern it"
    assert "MESSAGE_CREATE" not in ear.events, "a whisper is told to nobody"
    act = stand.command("ana", "", "/ask")
    _, (asked,) = await while_answering(caller, ear, act, (4, text("In private.", flags=WHISPER)))
    assert (asked["user"]["global_name"], asked["context"], "guild_id" in asked) == ("Ana", 1, False)


async def test_what_is_typed_is_completed(stand: DiscordStand, caller: Caller, ear: Ear) -> None:
    choices = {"choices": [{"name": "Friday", "value": "friday"}]}
    act = stand.complete("ana", "river", "/away fr")
    answer, (asked,) = await while_answering(caller, ear, act, (8, choices))
    assert answer == ("friday",)
    assert asked["data"]["options"] == [{"name": "until", "type": 3, "value": "fr", "focused": True}]


async def test_a_choice_in_a_menu_arrives_as_its_value(stand: DiscordStand, caller: Caller, ear: Ear) -> None:
    options = [{"label": "A day", "value": "day"}]
    menu: Json = {"type": 3, "custom_id": "db1:check-in:pick::0", "placeholder": "Pick", "options": options}
    post = await offer(caller, {"type": 1, "components": [menu]})
    act = stand.press("ben", post, Action("check-in", "pick"), "day")
    answer, (asked,) = await while_answering(caller, ear, act, (6, None))
    assert (answer, asked["data"]["values"], asked["message"]["id"]) == (None, ["day"], post)
    with pytest.raises(RoomError, match="no such choice"):
        await stand.press("ben", post, Action("check-in", "pick"), "week")


async def test_a_form_with_a_problem_is_opened_again_at_once(stand: DiscordStand, caller: Caller, ear: Ear) -> None:
    post = await offer(caller, button("Ping", "db1:check-in:ping::0"))
    answer, _ = await while_answering(caller, ear, stand.press("ana", post, PING), (9, FORM))
    form = Form("Ask", PING, Words(name="what", label="What?", most=80), submit="Submit")
    assert answer == form
    opened = stand.form("ana")
    assert opened is not None
    act = stand.fill("ana", opened.id, {"what": "Hm"})
    answer, (_, pressed) = await while_answering(caller, ear, act, (4, AGAIN), (9, FORM))
    assert answer == Problems({"what": "Say more."})
    assert (pressed["data"]["custom_id"], pressed["message"]["flags"]) == ("db1:open/7", WHISPER)
    again = stand.form("ana")
    assert again is not None
    assert (again.id, again.form, again.typed, again.problems) == (
        opened.id,
        form,
        {"what": "Hm"},
        (("what", "Say more."),),
    )
    assert stand.whispers("ana") == ()
    act = stand.fill("ana", opened.id, {"what": "More"})
    await while_answering(caller, ear, act, (4, text("Thanks.", flags=WHISPER)))
    assert (stand.form("ana"), [post.text for post in stand.whispers("ana")]) == (None, ["Thanks."])


async def test_a_test_can_look_closer_at_what_is_offered(stand: DiscordStand, caller: Caller, ear: Ear) -> None:
    stand.goes_on = False
    body = text("", flags=WHISPER, components=[{"type": 10, "content": "Ready."}, button("Continue", "db1:open/8")])
    await while_answering(caller, ear, stand.command("ana", "river", "/ask"), (4, body))
    (whisper,) = stand.whispers("ana")
    assert whisper.text == "Ready.\n[Continue]"
    stand.goes_on = True
    act = stand.command("ana", "river", "/ask")
    answer, _ = await while_answering(caller, ear, act, (4, body), (9, FORM))
    assert isinstance(answer, Form)
    assert stand.whispers("ana") == (whisper,)
    stand.dismiss("ana", whisper.id)
    assert stand.whispers("ana") == ()


async def test_an_old_whisper_can_be_pressed_and_a_form_be_sent_past_its_limits(
    stand: DiscordStand, caller: Caller, ear: Ear
) -> None:
    answer, (asked,) = await while_answering(caller, ear, stand.press_kept("ben", "river", PING), (9, FORM))
    assert isinstance(answer, Form)
    assert (asked["data"]["custom_id"], asked["message"]["flags"]) == ("db1:check-in:ping::0", WHISPER)
    opened = stand.form("ben")
    assert opened is not None
    act = stand.fill("ben", opened.id, {"what": "a" * 81}, checked=False)
    _, (asked,) = await while_answering(caller, ear, act, (6, None))
    assert asked["data"]["components"][0]["component"]["value"] == "a" * 81
    assert stand.whispers("ben") == ()


async def test_five_hundred_people_may_press_at_once(stand: DiscordStand, caller: Caller, ear: Ear) -> None:
    crowd = [f"p{number}" for number in range(500)]
    for person in crowd:
        stand.add_person(Person(person, person.upper()))
    stand.seat("river", *crowd)
    await stand.service.gateway.arrived()
    post = await offer(caller, button("Ping", "db1:check-in:ping::0"))
    before = len(ear.heard)
    presses = asyncio.gather(*(stand.press(person, post, PING) for person in crowd))
    await ear.next("INTERACTION_CREATE", after=before)
    await stand.service.gateway.arrived()
    asked = [frame["d"] for frame in ear.heard if frame["t"] == "INTERACTION_CREATE"]
    answers = [await caller.answer(one, 6) for one in asked]
    assert (answers, await presses) == ([(204, None)] * 500, [None] * 500)
