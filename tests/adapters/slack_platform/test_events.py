"""What an app is told of what people do, and what it is not told."""

from __future__ import annotations

from bot.chat import Person
from tests.adapters.slack_platform.bare_app import BareApp
from tests.adapters.slack_platform.scenery import heard_events, last_event, payload, post, refusal


async def test_typed_words_are_escaped_in_events_and_not_in_commands(app: BareApp) -> None:
    words = "<!channel> & https://a.example/?x=1&y=2"
    await app.stand.say("chi", "river", words)
    assert last_event(app)["text"] == "&lt;!channel&gt; &amp; <https://a.example/?x=1&amp;y=2>"
    assert app.stand.posts[-1].words == words
    await app.stand.say("chi", "river", "Thanks @Ana", mentioning=["ana"])
    assert last_event(app)["text"] == "Thanks <@UANA>"
    await app.stand.command("chi", "river", f"/drumbeat {words}")
    assert payload(app)["text"] == words


async def test_a_command_says_where_and_who_and_how_to_answer(app: BareApp) -> None:
    await app.stand.command("chi", "river", "/Drumbeat  status ")
    told = payload(app)
    assert (told["command"], told["text"], told["channel_id"], told["channel_name"], told["user_id"]) == (
        "/drumbeat",
        "status",
        "CRIVER",
        "river",
        "UCHI",
    )
    assert {"team_id", "trigger_id", "response_url", "api_app_id", "is_enterprise_install"} <= told.keys()
    await app.stand.command("chi", "", "/drumbeat")
    assert (payload(app)["channel_name"], payload(app)["channel_id"]) == ("directmessage", "DCHI")


async def test_events_carry_what_slack_puts_around_them(app: BareApp) -> None:
    await app.stand.say("chi", "river", "Hello")
    root = app.stand.posts[-1].id
    await app.stand.say("ben", "river", "Hi", thread=root)
    told = app.heard[-1]["payload"]
    event = told["event"]
    assert (event["thread_ts"], event["parent_user_id"], event["channel_type"]) == (
        root.split("/")[1],
        "UCHI",
        "channel",
    )
    assert (told["team_id"], told["authorizations"][0]["user_id"], told["is_ext_shared_channel"]) == (
        "TMOVEMENT",
        "UDRUMBEAT",
        False,
    )
    assert (told["event_time"], told["event_id"][:2]) == (1793530800, "Ev")


async def test_what_people_do_is_told(app: BareApp) -> None:
    stand = app.stand
    board = await post(app)
    await stand.join("eli", "river")
    await stand.react("eli", board, "👍")
    await stand.react("eli", board, "👍", on=False)
    await stand.leave("eli", "river")
    await stand.say("eli", "", "psst", workspace="movement")
    await stand.open_home("eli")
    stand.add_person(Person("eli", "Elias", "Asia/Tokyo"))
    await stand.enter_call("ana", "river")
    kinds = [
        ("message", None),
        ("member_joined_channel", None),
        ("message", "channel_join"),
        ("reaction_added", None),
        ("reaction_removed", None),
        ("member_left_channel", None),
        ("message", "channel_leave"),
        ("message", None),
        ("app_home_opened", None),
        ("user_change", None),
        ("message", "huddle_thread"),
        ("user_huddle_changed", None),
        ("user_change", None),
    ]
    told = [one["payload"]["event"] for one in app.heard]
    assert sorted((one["type"], str(one.get("subtype"))) for one in told) == sorted((a, str(b)) for a, b in kinds)
    # What the app wrote itself comes back to it.
    assert (told[0]["user"], told[0]["bot_id"]) == ("UDRUMBEAT", "BDRUMBEAT")
    huddle = next(one for one in told if one["type"] == "user_huddle_changed")["user"]["profile"]
    room = next(one for one in told if one.get("subtype") == "huddle_thread")["room"]
    assert (huddle["huddle_state"], huddle["huddle_state_call_id"]) == ("in_a_huddle", room["id"])
    assert (room["channels"], room["participant_history"]) == (["CRIVER"], ["UANA"])
    assert stand.voice == {"river": ("ana",)}
    await stand.leave_call("ana", "river")
    assert stand.voice == {}


async def test_an_app_hears_nothing_from_where_it_is_not(app: BareApp) -> None:
    stand = app.stand
    stand.add_channel("hill", "hill", creator="ana", bot=False)
    stand.add_channel("abroad", "abroad", "elsewhere", creator="ana")
    await stand.say("ana", "hill", "Hello")
    await stand.say("ana", "abroad", "Hello")
    assert app.heard == []
    assert await refusal(stand.command("ana", "abroad", "/drumbeat")) == "/drumbeat is not a valid command."
    stand.install("elsewhere")
    await stand.say("ana", "abroad", "Hello")
    assert [one["payload"]["team_id"] for one in app.heard] == ["TELSEWHERE"]


async def test_only_what_the_app_subscribed_to_is_told(app: BareApp) -> None:
    app.stand.platform.events.subscribed = {"message.im", "reaction_added"}
    await app.stand.say("chi", "river", "Hello")
    await app.stand.say("chi", "", "psst")
    assert [one["payload"]["event"]["channel"] for one in app.heard] == ["DCHI"]


async def test_other_messages_of_slack_have_a_subtype(app: BareApp) -> None:
    await app.stand.say("chi", "river", "Hello", subtype="file_share")
    await app.stand.reword("chi", app.stand.posts[-1].id, "Hello & welcome")
    await app.stand.hear_another_bot("river", "Beep")
    told = [one["payload"]["event"] for one in app.heard]
    assert [one["subtype"] for one in told] == ["file_share", "message_changed", "bot_message"]
    assert (told[1]["message"]["text"], told[1]["previous_message"]["text"]) == ("Hello &amp; welcome", "Hello")
    assert app.stand.posts[0].words == "Hello & welcome"


async def test_removing_the_app_is_told_and_ends_its_token(app: BareApp) -> None:
    app.stand.uninstall()
    assert await app.error("auth.test") == "account_inactive"
    await app.stand.wait_until(lambda: len(app.heard) == 2)
    assert sorted(heard_events(app)) == ["app_uninstalled", "tokens_revoked"]


async def test_the_last_thing_comes_again_when_a_test_says_so(app: BareApp) -> None:
    await app.stand.join("eli", "river")
    await app.stand.say("chi", "river", "Hello")
    await app.stand.redeliver_last()
    once, again = app.heard[-2:]
    assert (again["retry_attempt"], again["payload"]) == (1, once["payload"])
