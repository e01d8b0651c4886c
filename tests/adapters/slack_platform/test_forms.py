"""What opens, is filled in, is wrong, and closes."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.render import render_form, render_message, render_problems
from bot.chat import Form, Message, Problems, Whisper, Words
from tests.adapters.slack_platform.bare_app import BareApp
from tests.adapters.slack_platform.scenery import BOARD, FORM, GO, WHOLE, open_form, payload, refusal


async def test_a_trigger_opens_one_form_and_soon(app: BareApp) -> None:
    stand, form = app.stand, render_form(FORM)
    stand.add_channel("abroad", "abroad", "elsewhere", creator="ana")
    stand.install("elsewhere")
    await stand.command("chi", "river", "/drumbeat")
    trigger = payload(app)["trigger_id"]
    other = await app.call("views.open", token=stand.token_of("elsewhere"), trigger_id=trigger, view=form)
    assert other["error"] == "invalid_trigger_id"
    assert await app.error("views.open", trigger_id="1.2.x", view=form) == "invalid_trigger_id"
    assert await app.error("views.open", trigger_id=trigger, view=form) is None
    assert await app.error("views.open", trigger_id=trigger, view=form) == "exchanged_trigger_id"
    stand.platform.triggers.seconds = 0
    await stand.command("chi", "river", "/drumbeat")
    assert await app.error("views.open", trigger_id=payload(app)["trigger_id"], view=form) == "expired_trigger_id"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"title": {"type": "plain_text", "text": "x" * 25}}, "title has 25 characters, not 1 to 24"),
        ({"submit": None}, "submit is no plain_text"),
        ({"private_metadata": "x" * 3001}, "private_metadata has 3001 characters, not 0 to 3000"),
        ({"blocks": []}, "must provide blocks [json-pointer:/view/blocks]"),
    ],
)
async def test_a_form_that_cannot_be_shown_is_refused(app: BareApp, change: dict[str, object], fault: str) -> None:
    await app.stand.command("chi", "river", "/drumbeat")
    view = render_form(FORM) | change
    answer = await app.call("views.open", trigger_id=payload(app)["trigger_id"], view=view)
    assert (answer["error"], answer["response_metadata"]["messages"]) == ("invalid_arguments", [f"[ERROR] {fault}"])


async def test_a_filled_form_arrives_as_slack_writes_it_down(app: BareApp) -> None:
    form = await open_form(app, private_metadata="kept")
    assert await app.stand.fill("chi", form, WHOLE) is None
    view = payload(app)["view"]
    assert (view["callback_id"], view["private_metadata"], view["id"]) == ("demo:go:7:3", "kept", form)
    option = {"text": {"type": "plain_text", "text": "Good", "emoji": True}, "value": "4"}
    assert view["state"]["values"] == {
        "words": {"words": {"type": "plain_text_input", "value": "Hello"}},
        "mood": {"mood": {"type": "radio_buttons", "selected_option": option}},
        "who": {"who": {"type": "multi_users_select", "selected_users": ["UBEN", "UANA"]}},
        "day": {"day": {"type": "datepicker", "selected_date": "2026-11-12"}},
        # Six in the evening in Berlin.
        "at": {"at": {"type": "datetimepicker", "selected_date_time": 1794502800}},
    }
    assert app.stand.form("chi") is None
    assert await app.error("views.update", view_id=form, view=render_form(FORM)) == "not_found"


async def test_slacks_own_form_lets_nobody_send_nonsense(app: BareApp) -> None:
    form = await open_form(app)
    assert await refusal(app.stand.fill("chi", form, {})) == "“Words” needs an answer."
    assert await refusal(app.stand.fill("chi", form, {"words": "x" * 21})) == "“Words” has 21 characters; 20 fit."
    assert await refusal(app.stand.fill("chi", form, {"words": "x", "mood": "9"})) == "“Mood” has no such choice."
    assert await refusal(app.stand.fill("chi", form, {"words": "x", "at": "soon"})) == "“At” is picked from a calendar."
    app.stand.close_form("chi", form)
    assert await refusal(app.stand.fill("chi", form, WHOLE)) == "That form is closed. Open it again."
    assert await app.error("views.update", view_id=form, view=render_form(FORM)) == "not_found"


async def test_problems_stand_at_the_fields_of_the_form(app: BareApp) -> None:
    form = await open_form(app)
    problems = Problems({"words": "Say more"})
    app.answer = lambda _: render_problems(problems, ["words"])
    assert await app.stand.fill("chi", form, WHOLE) == problems
    opened = app.stand.form("chi")
    assert opened is not None
    assert (opened.problems, opened.typed["words"]) == ((("words", "Say more"),), "Hello")
    app.answer = lambda _: {"response_action": "errors", "errors": {"nowhere": "x"}}
    assert await refusal(app.stand.fill("chi", form, WHOLE)) == "We had some trouble connecting. Try again?"
    assert app.stand.failures == ["ack.view_submission: [\"'nowhere' is no input of this view\"]"]


async def test_a_form_can_be_followed_by_another_or_by_words(app: BareApp) -> None:
    form = await open_form(app)
    second = Form("Next", GO, Words(name="more", label="More"))
    app.answer = lambda _: {"response_action": "push", "view": render_form(second)}
    assert await app.stand.fill("chi", form, WHOLE) == second
    opened = app.stand.form("chi")
    assert opened is not None
    thanks = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Done"},
        "blocks": render_message(Message("Thanks"))["blocks"],
    }
    app.answer = lambda _: {"response_action": "update", "view": thanks}
    assert await app.stand.fill("chi", opened.id, {"more": "x"}) == Whisper("Thanks")
    assert (app.stand.form("chi"), app.stand.notice("chi")) == (None, Message("Thanks"))
    told = await app.call("views.update", view_id=opened.id, hash="old", view=render_form(second))
    assert told["error"] == "hash_conflict"
    assert await app.error("views.update", view_id=opened.id, view=render_form(second)) is None
    app.answer = lambda _: {"response_action": "clear"}
    assert await app.stand.fill("chi", opened.id, {"more": "x"}) is None
    assert app.stand.form("chi") is None


async def test_a_patient_person_sees_what_comes_after_the_acknowledgement(app: BareApp) -> None:
    app.stand.patience = 5
    typing = asyncio.create_task(app.stand.command("chi", "river", "/drumbeat"))
    await app.stand.wait_until(lambda: app.heard)
    await app.call("views.open", trigger_id=payload(app)["trigger_id"], view=render_form(FORM))
    assert await typing == FORM


async def test_a_home_shows_what_was_published_last(app: BareApp) -> None:
    home = {"type": "home", "blocks": render_message(BOARD)["blocks"]}
    assert app.stand.home("chi") is None
    assert await app.error("views.publish", user_id="UCHI", view=home | {"type": "modal"}) == "invalid_arguments"
    assert await app.error("views.publish", user_id="UNOBODY", view=home) == "user_not_found"
    published = await app.call("views.publish", user_id="UCHI", view=home)
    assert app.stand.home("chi") == BOARD
    assert await app.error("views.publish", user_id="UCHI", view=home, hash="old") == "hash_conflict"
    other = {"type": "home", "blocks": render_message(Message("Other", *BOARD.parts))["blocks"]}
    assert await app.error("views.update", view_id=published["view"]["id"], view=other) is None
    assert (app.stand.home("chi"), app.stand.whispers("chi")) == (Message("Other", *BOARD.parts), ())
    await app.stand.press_home("chi", GO)
    assert (payload(app)["view"]["id"], payload(app)["container"]["type"]) == (published["view"]["id"], "view")
    assert not {"response_url", "channel", "message"} & payload(app).keys()


async def test_a_button_in_a_modal_of_words_can_be_pressed(app: BareApp) -> None:
    await open_form(app)
    opened = app.stand.form("chi")
    assert opened is not None
    told = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "One moment"},
        "blocks": render_message(BOARD)["blocks"],
    }
    app.answer = lambda _: {"response_action": "update", "view": told}
    assert await app.stand.fill("chi", opened.id, WHOLE) == Whisper(*BOARD.parts)
    app.answer = lambda _: {}
    await app.stand.press("chi", app.stand.whispers("chi")[-1].id, GO)
    assert (payload(app)["container"], payload(app)["view"]["id"]) == (
        {"type": "view", "view_id": opened.id},
        opened.id,
    )
    app.stand.close_form("chi", opened.id)
    assert await refusal(app.stand.press_in_form("chi", GO)) == "That form is closed. Open it again."


async def test_closing_a_form_is_told_when_the_form_asks_for_it(app: BareApp) -> None:
    app.stand.close_form("chi", await open_form(app))
    app.stand.close_form("chi", await open_form(app, notify_on_close=True))
    await app.stand.say("chi", "river", "Never mind")
    kinds = [one["payload"].get("type") for one in app.heard if one["type"] == "interactive"]
    assert kinds == ["view_closed"]
