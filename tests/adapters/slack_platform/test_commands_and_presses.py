"""What people type and tap, and the answers that they see."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from adapters.slack.render import render_whisper
from bot.chat import Action, Person, Whisper
from bot.clock import MovedClock
from tests.adapters.slack_platform.bare_app import BareApp
from tests.adapters.slack_platform.scenery import BOARD, GO, PICK, START, heard_events, payload, post, refusal


async def test_the_answer_to_a_command_is_seen_by_one_person(app: BareApp) -> None:
    app.answer = lambda _: render_whisper(Whisper("Only for you"))
    assert await app.stand.command("chi", "river", "/drumbeat") == Whisper("Only for you")
    assert ([one.text for one in app.stand.whispers("chi")], app.stand.posts) == (["Only for you"], ())


async def test_an_answer_that_is_no_message_is_an_error_for_the_person(app: BareApp) -> None:
    for wrong in ({"response_action": "clear"}, {"text": "x", "nonsense": 1}, {"text": "x", "response_type": "loud"}):
        app.answer = lambda _, body=wrong: body  # type: ignore[misc]
        assert await refusal(app.stand.command("chi", "river", "/drumbeat")) == "dispatch_unknown_error"
    board = await post(app)
    app.answer = lambda _: {"text": "Thanks"}
    assert await refusal(app.stand.press("chi", board, GO)) == "dispatch_unknown_error"
    assert app.stand.whispers("chi") == ()


async def test_only_what_a_message_shows_can_be_pressed_by_who_sees_it(app: BareApp) -> None:
    stand = app.stand
    board = await post(app)
    why = "The message doesn't show that any more."
    assert await refusal(stand.press("chi", board, Action("demo", "other"))) == why
    assert await refusal(stand.press("chi", board, PICK, "5")) == "The menu has no such choice."
    assert await refusal(stand.press("eli", board, GO)) == "Eli is not in #river."
    await stand.say("chi", "river", "Hello")
    assert await refusal(stand.press("chi", stand.posts[-1].id, GO)) == "People's own words have no buttons."
    stand.delete(board)
    assert await refusal(stand.press("chi", board, GO)) == "That message is gone."


async def test_a_press_tells_what_was_pressed_and_on_what(app: BareApp) -> None:
    stand = app.stand
    board = await post(app)
    await stand.press("chi", board, PICK, "4")
    told = payload(app)
    assert told["actions"][0]["selected_option"]["value"] == "4"
    assert (told["container"], told["message"]["ts"], told["channel"]) == (
        {"type": "message", "message_ts": board.split("/")[1], "channel_id": "CRIVER", "is_ephemeral": False},
        board.split("/")[1],
        {"id": "CRIVER", "name": "river"},
    )
    await stand.press("chi", board, GO)
    assert (payload(app)["actions"][0]["action_id"], payload(app)["user"]["id"]) == ("demo:go:7:3", "UCHI")
    await stand.tap_link("chi", board, "More")
    assert (payload(app)["actions"][0]["action_id"], payload(app)["actions"][0]["url"]) == (
        "link-1-1",
        "https://a.example",
    )
    app.answer = lambda _: render_whisper(Whisper(*BOARD.parts))
    await stand.command("chi", "river", "/drumbeat")
    app.answer = lambda _: {}
    await stand.press("chi", stand.whispers("chi")[-1].id, GO)
    assert (payload(app)["container"]["is_ephemeral"], "message" in payload(app)) == (True, False)


async def test_a_response_url_replaces_adds_and_deletes_and_then_ends(app: BareApp, clock: MovedClock) -> None:
    stand = app.stand
    app.answer = lambda _: render_whisper(Whisper(*BOARD.parts))
    await stand.command("chi", "river", "/drumbeat")
    app.answer = lambda _: {}
    await stand.press("chi", stand.whispers("chi")[-1].id, GO)
    url = payload(app)["response_url"]

    async def answer(**body: object) -> int:
        async with app.session.post(url, json=body) as answered:
            return answered.status

    assert await answer(nonsense=1) == 400
    assert await answer(text="Beside it", replace_original=False) == 200
    assert await answer(text="Instead", replace_original=True) == 200
    assert [one.text for one in stand.whispers("chi")] == ["Instead", "Beside it"]
    assert await answer(delete_original=True) == 200
    assert [one.text for one in stand.whispers("chi")] == ["Beside it"]
    assert await answer(text="For all", response_type="in_channel") == 200
    assert [one.text for one in stand.posts] == ["For all"]
    assert [await answer(text="x") for _ in range(2)] == [200, 404]
    await stand.command("chi", "river", "/drumbeat")
    url = payload(app)["response_url"]
    clock.move_to(START + timedelta(minutes=31))
    assert await answer(text="Too late") == 404


async def test_five_hundred_people_press_at_once(app: BareApp) -> None:
    stand = app.stand
    board = await post(app)
    names = [f"p{number}" for number in range(500)]
    for name in names:
        stand.add_person(Person(name, name))
    stand.seat("river", *names)
    stand.platform.strict = False
    await stand.wait_until(lambda: len(heard_events(app)) > 500)
    await asyncio.gather(*(stand.press(name, board, GO) for name in names))
    pressed = {one["payload"]["user"]["id"] for one in app.heard if one["type"] == "interactive"}
    assert pressed == {stand.native(name) for name in names}
