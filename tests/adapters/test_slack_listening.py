from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.chat import (
    Action,
    Button,
    Buttons,
    Changed,
    Choice,
    Commanded,
    Event,
    Form,
    Joined,
    Left,
    Link,
    Looked,
    Menu,
    Message,
    Option,
    People,
    Person,
    Place,
    Present,
    Pressed,
    Problems,
    Reacted,
    Said,
    Submitted,
    Text,
    When,
    Whisper,
    Words,
)
from tests.adapters.slack_platform.dispatch import Envelope
from tests.adapters.slack_scene import START, Scene, hello, slack, tell_form

Answers = dict[str, str | tuple[str, ...]]
BEN = Person("UBEN", "Ben", "Europe/Berlin")
CHI = Person("UCHI", "Chi", "Europe/Berlin")
GO = Action("demo", "go")


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with slack() as scene:
        yield scene


def said(scene: Scene) -> list[tuple[str, Place]]:
    return [(event.words, event.place) for event in scene.engine.of(Said)]


async def ask(scene: Scene, payload: dict[str, Any], kind: Any = "interactive") -> dict[str, Any]:  # noqa: ANN401
    return await scene.stand.platform.dispatch.ask(Envelope(kind, payload, "TMOVEMENT"))


async def tell(scene: Scene, event: dict[str, Any]) -> bool:
    """Send an event as Slack would, whatever it is; gives whether it was acknowledged."""
    task = scene.stand.platform.events.tell(scene.stand.platform.found("movement"), event)
    assert task is not None
    return await task


# ------------------------------------------------------------------------------------------------ what is answered


async def test_a_command_tells_who_typed_what_where(scene: Scene) -> None:
    await scene.stand.command("ben", "river", "/away  until friday ")
    (event,) = scene.engine.of(Commanded)
    assert event == Commanded(id=event.id, who=BEN, place=scene.river, at=START, name="away", words="until friday")
    assert event.id.startswith("slack/TMOVEMENT/command/")


async def test_a_command_in_private_comes_from_the_inbox(scene: Scene) -> None:
    await scene.stand.command("ben", "", "/away back")
    assert [event.place for event in scene.engine.of(Commanded)] == [scene.inbox("ben")]


async def test_who_made_the_channel_and_who_runs_the_workspace_may_govern_it() -> None:
    async with slack() as scene:
        scene.stand.add_person(Person("fay", "Fay", "Europe/Berlin", steward=True))
        scene.stand.seat("river", "fay")
        for who in ("ana", "ben", "fay"):
            await scene.stand.command(who, "river", "/drumbeat")
        await scene.stand.command("ana", "", "/drumbeat")
    assert [(event.who.name, event.who.steward) for event in scene.engine.of(Commanded)] == [
        ("Ana", True),
        ("Ben", False),
        ("Fay", True),
        ("Ana", False),
    ]


async def test_a_press_tells_the_button_and_the_post(scene: Scene) -> None:
    root = await scene.chat.post(scene.river, hello(), once="one")
    place = replace(scene.river, thread=root)
    ts = await scene.chat.post(place, Message("Well?", Buttons(Button("Go", GO))), once="two")
    await scene.stand.press("ben", f"CRIVER/{ts}", GO)
    (event,) = scene.engine.of(Pressed)
    assert event == Pressed(id=event.id, who=BEN, place=place, at=event.at, action=GO, message=ts)


async def test_a_press_on_a_post_with_replies_is_in_the_channel(scene: Scene) -> None:
    ts = await scene.chat.post(scene.river, Message("Well?", Buttons(Button("Go", GO))), once="one")
    await scene.stand.say("chi", "river", "I think so.", thread=f"CRIVER/{ts}")
    await scene.stand.press("ben", f"CRIVER/{ts}", GO)
    assert [(event.place, event.message) for event in scene.engine.of(Pressed)] == [(scene.river, ts)]


async def test_a_menu_tells_what_was_picked(scene: Scene) -> None:
    menu = Menu("How?", GO, (Option("Well", "4"), Option("So so", "2")))
    ts = await scene.chat.post(scene.inbox("ben"), Message("How are you?", menu), once="one")
    await scene.stand.press("ben", scene.stand.inbox("ben")[-1].id, GO, "2")
    (event,) = scene.engine.of(Pressed)
    assert (event.choice, event.place, event.message) == ("2", scene.inbox("ben"), ts)


async def test_a_whisper_is_no_post_to_come_back_to(scene: Scene) -> None:
    scene.engine.answer = lambda event: (
        Whisper("Well?", Buttons(Button("Go", GO))) if isinstance(event, Commanded) else None
    )
    await scene.stand.command("ben", "river", "/drumbeat")
    await scene.stand.press("ben", scene.stand.whispers("ben")[-1].id, GO)
    assert [(event.message, event.place) for event in scene.engine.of(Pressed)] == [("", scene.river)]


async def test_a_link_and_a_strange_button_are_acknowledged_and_left_alone(scene: Scene) -> None:
    site = Link("Our site", "https://river.example")
    ts = await scene.chat.post(scene.river, Message("See", Buttons(site, Button("Go", GO))), once="one")
    assert await scene.stand.tap_link("ben", f"CRIVER/{ts}", "Our site") is None
    strange = {"type": "block_actions", "user": {"id": "UBEN"}, "team": {"id": "TMOVEMENT"}}
    assert await ask(scene, {**strange, "actions": [{"type": "button", "action_id": "of another app"}]}) == {}
    assert scene.engine.heard == []


async def test_a_form_brings_every_kind_of_answer(scene: Scene) -> None:
    form = Form(
        "Tell us",
        Action("demo", "all"),
        Words(name="words", label="Words", long=True),
        Choice(name="one", label="One", options=(Option("Yes", "y"), Option("No", "n"))),
        Choice(name="some", label="Some", options=(Option("A", "a"), Option("B", "b")), many=True, required=False),
        People(name="who", label="Who", most=3),
        When(name="day", label="Day"),
    )
    scene.engine.answer = lambda event: form if isinstance(event, Commanded) else None
    await scene.stand.command("ben", "river", "/drumbeat")
    opened = scene.stand.form("ben")
    assert opened is not None
    typed: Answers = {"words": "<b> & so\non", "one": ("n",), "who": ("chi", "dee"), "day": "2026-12-03"}
    assert await scene.stand.fill("ben", opened.id, typed) is None
    (event,) = scene.engine.of(Submitted)
    answers: Answers = {
        "words": "<b> & so\non",
        "one": ("n",),
        "some": (),
        "who": ("UCHI", "UDEE"),
        "day": "2026-12-03",
    }
    assert event == Submitted(
        id=event.id, who=BEN, place=scene.river, at=START, action=Action("demo", "all"), answers=answers
    )


async def test_a_picked_time_is_the_instant_that_the_person_meant(scene: Scene) -> None:
    form = Form(
        "When",
        Action("demo", "when"),
        When(name="start", label="From", clock=True),
        When(name="end", label="To", clock=True, required=False),
        People(name="who", label="Who", required=False),
    )
    scene.engine.answer = lambda event: form if isinstance(event, Commanded) else None
    await scene.stand.command("ben", "", "/drumbeat")
    opened = scene.stand.form("ben")
    assert opened is not None
    await scene.stand.fill("ben", opened.id, {"start": "2026-11-12 18:00"})
    (event,) = scene.engine.of(Submitted)
    assert event.answers == {"start": "2026-11-12T17:00:00+00:00", "end": "", "who": ()}
    assert event.place == scene.inbox("ben")


async def test_a_form_sent_again_after_its_mistakes_is_another_sending(scene: Scene) -> None:
    answers: dict[type[Event], Any] = {Commanded: tell_form(), Submitted: Problems({"words": "Longer, please."})}
    scene.engine.answer = lambda event: answers.get(type(event))
    await scene.stand.command("ben", "river", "/drumbeat")
    opened = scene.stand.form("ben")
    assert opened is not None
    await scene.stand.fill("ben", opened.id, {"words": "no"})
    await scene.stand.fill("ben", opened.id, {"words": "no, because"})
    first, second = scene.engine.of(Submitted)
    assert first.id != second.id


async def test_a_place_that_a_form_makes_up_is_no_place(scene: Scene) -> None:
    scene.engine.answer = lambda event: tell_form() if isinstance(event, Commanded) else None
    await scene.stand.command("ben", "river", "/drumbeat")
    opened = scene.stand.form("ben")
    assert opened is not None
    view = scene.stand.world.views[opened.id]
    for kept in ('{"channel": "../../etc", "thread": 17}', "[]", "no json", '{"channel": {"a": 1}, "home": "yes"}'):
        view.content["private_metadata"] = kept
        await scene.stand.fill("ben", opened.id, {"words": "x"})
        scene.stand.world.stacks["UBEN"] = [view]
    assert {event.place for event in scene.engine.of(Submitted)} == {scene.inbox("ben")}


async def test_whatever_else_slack_sends_is_acknowledged(scene: Scene) -> None:
    common = {"user": {"id": "UBEN"}, "team": {"id": "TMOVEMENT"}, "trigger_id": "1.1"}
    view = {"id": "V1", "type": "modal", "callback_id": "of another app", "state": {"values": {}}, "blocks": []}
    for payload in (
        {"type": "view_closed", "view": view, "is_cleared": False},
        {"type": "view_submission", "view": view},
        {"type": "shortcut", "callback_id": "x"},
        {"type": "message_action", "callback_id": "x", "message": {}},
        {"type": "block_suggestion", "action_id": "x", "block_id": "x", "value": ""},
        {"type": "something_new"},
    ):
        assert await ask(scene, {**common, **payload}) == {}
    for event in (
        {"type": "channel_rename", "channel": {"id": "CRIVER", "name": "lake"}},
        {"type": "something_new"},
        {"type": "reaction_added", "user": "UBEN", "reaction": "+1", "item": {"type": "file", "file": "F1"}},
        {"type": "tokens_revoked", "tokens": {"oauth": ["UBEN"], "bot": []}},
    ):
        assert await tell(scene, event)
    assert (scene.engine.heard, scene.stand.failures) == ([], [])


# ------------------------------------------------------------------------------------------------ what people write


async def test_words_come_as_people_read_them(scene: Scene) -> None:
    typed = "Ask @Chi <now> & see https://river.example/a?b=1 *soon* &lt;"
    await scene.stand.say("ben", "river", typed, mentioning=["chi"])
    (event,) = scene.engine.of(Said)
    assert event == Said(id=event.id, who=BEN, place=scene.river, at=event.at, words=typed, message=event.message)
    assert event.id.startswith("slack/TMOVEMENT/Ev")


async def test_slacks_own_marks_are_written_out(scene: Scene) -> None:
    text = (
        "<!here> <!subteam^S1|@crew> <!subteam^S2> <!date^1^{date}|1 May> <#C1|lake> <#C2> "
        "<https://a.example|a &amp; b> <mailto:a@b.example|a@b.example> <@UGONE> <@UGONE|gone> &amp;lt; <@UCHI>"
    )
    assert await tell(
        scene, {"type": "message", "user": "UBEN", "channel": "CRIVER", "ts": "1793530800.1", "text": text}
    )
    assert said(scene) == [
        ("@here @crew @group 1 May #lake #channel a & b a@b.example @somebody @gone &lt; @Chi", scene.river)
    ]


async def test_a_reply_stands_in_its_thread_and_a_private_word_in_the_inbox(scene: Scene) -> None:
    ts = await scene.chat.post(scene.river, hello(), once="one")
    await scene.stand.say("ben", "river", "Here", thread=f"CRIVER/{ts}")
    await scene.stand.say("ben", "", "Just you")
    root = {"ts": "1793530801.000100", "thread_ts": "1793530801.000100", "user": "UBEN", "channel": "CRIVER"}
    assert await tell(scene, {"type": "message", "text": "A root", **root})
    shared = {"ts": "1793530802.000100", "thread_ts": ts, "user": "UBEN", "channel": "CRIVER"}
    assert await tell(scene, {"type": "message", "subtype": "thread_broadcast", "text": "To all", **shared})
    assert said(scene) == [
        ("Here", replace(scene.river, thread=ts)),
        ("Just you", scene.inbox("ben")),
        ("A root", scene.river),
        ("To all", replace(scene.river, thread=ts)),
    ]


async def test_a_picture_without_words_says_only_that_somebody_wrote(scene: Scene) -> None:
    shared = {"type": "message", "subtype": "file_share", "user": "UBEN", "channel": "CRIVER", "ts": "1793530800.1"}
    assert await tell(scene, {**shared, "text": "", "files": [{"id": "F1"}]})
    assert [(event.words, event.unread) for event in scene.engine.of(Said)] == [("", True)]


async def test_what_programs_write_and_what_is_edited_or_deleted_is_left_alone(scene: Scene) -> None:
    scene.stand.add_person(Person("gus", "Gus", bot=True))
    scene.stand.seat("river", "gus")
    await scene.chat.post(scene.river, hello(), once="one")
    await scene.stand.say("gus", "river", "Beep.")
    other = {"type": "message", "channel": "CRIVER", "ts": "1793530800.000900", "text": "Beep."}
    assert await tell(scene, {**other, "bot_id": "BOTHER", "subtype": "bot_message"})
    assert await tell(scene, {**other, "bot_id": "BOTHER", "user": "UBEN"})
    assert await tell(scene, {**other, "user": "USLACKBOT"})
    await scene.stand.say("ben", "river", "Hm.")
    scene.stand.delete(scene.stand.posts[-1].id)
    await scene.stand.say("chi", "river", "Well.")
    assert [event.words for event in scene.engine.of(Said)] == ["Hm.", "Well."]


async def test_a_redelivered_event_has_the_same_id(scene: Scene) -> None:
    await scene.stand.say("ben", "river", "Hello")
    await scene.stand.redeliver_last()
    first, second = scene.engine.of(Said)
    assert first == second


async def test_an_event_that_comes_late_tells_when_it_happened(scene: Scene) -> None:
    await scene.stand.join("eli", "river")
    scene.clock.move_to(START + timedelta(minutes=5))
    await scene.stand.leave("eli", "river")
    came, _, gone = scene.stand.events[-4], scene.stand.events[-3], scene.stand.events[-2]
    scene.engine.heard.clear()
    for envelope in (gone, came):
        await scene.stand.redeliver(envelope)
    left, joined = scene.engine.heard
    assert (type(left), type(joined)) == (Left, Joined)
    assert (left.at - joined.at).total_seconds() == pytest.approx(300, abs=1)


# ------------------------------------------------------------------------------------------------ comings and goings


async def test_who_comes_and_goes_is_told_and_programs_are_not(scene: Scene) -> None:
    await scene.stand.join("eli", "river")
    await scene.stand.leave("eli", "river")
    scene.stand.add_person(Person("gus", "Gus", bot=True))
    await scene.stand.join("gus", "river")
    scene.stand.remove_bot("river")
    scene.stand.invite_bot("river")
    await scene.stand.say("ben", "river", "So.")
    found = [(type(event).__name__, event.who.name) for event in scene.engine.heard if not isinstance(event, Changed)]
    # That we are let in (again) is told, because it mends what the channel refused.
    assert found == [("Joined", "Eli"), ("Left", "Eli"), ("Joined", "Drumbeat"), ("Said", "Ben")]
    invited = scene.engine.of(Joined)[-1]
    assert invited == Joined(
        id=invited.id, who=Person("UDRUMBEAT", "Drumbeat", bot=True), place=scene.river, at=invited.at
    )


async def test_a_reaction_is_told_when_it_comes_and_when_it_goes(scene: Scene) -> None:
    ts = await scene.chat.post(scene.river, hello(), once="one")
    await scene.stand.react("ben", f"CRIVER/{ts}", "🎉")
    await scene.stand.react("ben", f"CRIVER/{ts}", "🎉", on=False)
    first, second = scene.engine.of(Reacted)
    assert first == Reacted(id=first.id, who=BEN, place=scene.river, at=first.at, message=ts, emoji="tada")
    assert second == replace(first, id=second.id, at=second.at, on=False)
    assert first.id != second.id


async def test_a_new_name_or_zone_is_told_once_and_a_new_status_never(scene: Scene) -> None:
    here = Place("slack", "TMOVEMENT")
    scene.stand.add_person(Person("ben", "Benno", "Europe/Berlin"))
    await scene.stand.say("chi", "river", "Who is Benno?")
    scene.stand.platform.events.user(scene.stand.world.users["UBEN"], "user_change")  # a status, a picture
    await scene.stand.say("chi", "river", "Ah.")
    scene.stand.add_person(Person("ben", "Benno", "America/Bogota"))
    await scene.stand.say("ben", "river", "Me!")
    assert [(event.who, event.place) for event in scene.engine.of(Changed)] == [
        (Person("UBEN", "Benno", "Europe/Berlin"), here),
        (Person("UBEN", "Benno", "America/Bogota"), here),
    ]
    assert scene.engine.of(Said)[-1].who == Person("UBEN", "Benno", "America/Bogota")


async def test_a_huddle_of_the_channel_tells_who_is_there(scene: Scene) -> None:
    await scene.stand.enter_call("ben", "river")
    await scene.stand.enter_call("chi", "river")
    await scene.stand.leave_call("ben", "river")
    await scene.stand.leave_call("chi", "river")
    calls = scene.engine.of(Present)
    assert [(event.who, event.here, event.place) for event in calls] == [
        (BEN, True, scene.river),
        (CHI, True, scene.river),
        (BEN, False, scene.river),
        (CHI, False, scene.river),
    ]
    assert len({event.room for event in calls}) == 1
    assert len({event.id for event in calls}) == 4


async def test_a_huddle_elsewhere_is_told_without_a_channel(scene: Scene) -> None:
    await scene.stand.enter_call("ben", "somewhere")
    await scene.stand.leave_call("ben", "somewhere")
    here = Place("slack", "TMOVEMENT")
    assert [(event.place, event.here) for event in scene.engine.of(Present)] == [(here, True), (here, False)]


async def test_going_from_one_huddle_to_another_is_leaving_and_coming(scene: Scene) -> None:
    for room in ("R1", "R2", "R2", ""):
        state = {"huddle_state": "in_a_huddle", "huddle_state_call_id": room} if room else {}
        user = {"id": "UBEN", "name": "ben", "real_name": "Ben", "tz": "Europe/Berlin", "profile": state}
        assert await tell(scene, {"type": "user_huddle_changed", "user": user})
    assert [(event.room, event.here) for event in scene.engine.of(Present)] == [
        ("R1", True),
        ("R1", False),
        ("R2", True),
        ("R2", False),
    ]


async def test_a_huddle_whose_channel_is_learnt_late_is_told_again_with_it(scene: Scene) -> None:
    profile = {"huddle_state": "in_a_huddle", "huddle_state_call_id": "R1"}
    user = {"id": "UBEN", "name": "ben", "real_name": "Ben", "tz": "Europe/Berlin", "profile": profile}
    assert await tell(scene, {"type": "user_huddle_changed", "user": user})
    room = {"id": "R1", "participants": ["UBEN", "UCHI"], "has_ended": False}
    thread = {"type": "message", "subtype": "huddle_thread", "user": "USLACKBOT", "ts": "1793530800.000100"}
    assert await tell(scene, {**thread, "channel": "CRIVER", "room": room})
    ended = {**thread, "room": {**room, "participants": [], "has_ended": True}}
    changed = {"type": "message", "subtype": "message_changed", "ts": "1793530900.000100"}
    assert await tell(scene, {**changed, "channel": "CRIVER", "message": ended})
    assert [(event.who.name, event.place.channel, event.here) for event in scene.engine.of(Present)] == [
        ("Ben", "", True),
        ("Ben", "CRIVER", True),
        ("Chi", "CRIVER", True),
        ("Ben", "CRIVER", False),
        ("Chi", "CRIVER", False),
    ]


# ------------------------------------------------------------------------------------------------ the App Home


def home(event: Event) -> Any:  # noqa: ANN401 - an answer
    match event:
        case Looked():
            return Whisper(Text("You owe nothing."), Buttons(Button("Tell", Action("demo", "tell"))))
        case Pressed():
            return tell_form()
        case _:
            return None


async def test_the_home_shows_what_the_engine_answers(scene: Scene) -> None:
    scene.engine.answer = home
    await scene.stand.open_home("ben", tab="messages")
    assert (scene.engine.heard, scene.stand.home("ben")) == ([], None)
    await scene.stand.open_home("ben")
    (event,) = scene.engine.of(Looked)
    assert event == Looked(id=event.id, who=BEN, place=scene.inbox("ben"), at=event.at)
    assert event.id.startswith("slack/TMOVEMENT/Ev")
    assert scene.stand.home("ben") == Message("You owe nothing.", Buttons(Button("Tell", Action("demo", "tell"))))


async def test_what_is_done_on_the_home_is_answered_and_shown_there_anew(scene: Scene) -> None:
    scene.engine.answer = home
    await scene.stand.open_home("ben")
    assert await scene.stand.press_home("ben", Action("demo", "tell")) == tell_form()
    assert len(scene.engine.of(Looked)) == 2
    opened = scene.stand.form("ben")
    assert opened is not None
    await scene.stand.fill("ben", opened.id, {"words": "All is well."})
    assert len(scene.engine.of(Looked)) == 3
    assert scene.methods().count("views.publish") == 3
    (pressed,) = scene.engine.of(Pressed)
    assert (pressed.message, pressed.place) == ("", scene.inbox("ben"))


async def test_a_whisper_to_a_press_on_the_home_comes_in_private(scene: Scene) -> None:
    scene.engine.answer = lambda event: home(event) if isinstance(event, Looked) else Whisper("Noted.")
    await scene.stand.open_home("ben")
    assert await scene.stand.press_home("ben", Action("demo", "tell")) == Whisper("Noted.")
    assert [post.place.channel for post in scene.stand.whispers("ben")] == [""]


# ------------------------------------------------------------------------------------------------ who it is


async def test_somebody_whom_slack_is_slow_to_describe_is_called_as_their_act_calls_them() -> None:
    stalled = asyncio.Event()

    async def stall(method: str) -> None:
        if method == "users.info":
            await stalled.wait()

    async with slack() as scene:
        scene.stand.platform.before_call = stall
        act = asyncio.create_task(scene.stand.command("ben", "", "/drumbeat"))
        started = time.monotonic()
        await scene.engine.until(1)
        assert time.monotonic() - started < 1.5
        assert scene.engine.heard[0].who == Person("UBEN", "ben")
        stalled.set()
        await act
        await scene.stand.command("ben", "", "/drumbeat")
        assert scene.engine.heard[1].who == BEN


async def test_somebody_whom_slack_does_not_describe_in_time_keeps_the_name_they_had() -> None:
    stalled = asyncio.Event()

    async def stall(method: str) -> None:
        if method == "users.info":
            await stalled.wait()

    async with slack() as scene:
        scene.stand.platform.before_call = stall
        act = asyncio.create_task(scene.stand.say("ben", "river", "Hello"))
        await scene.engine.until(1)
        assert scene.engine.heard[0].who == Person("UBEN", "")
        stalled.set()
        await act
        # Known for long: what was known is told on, except for the rights.
        people = scene.chat._people
        known = people._known["TMOVEMENT", "UBEN"]
        steward = replace(known.person, steward=True)
        people._known["TMOVEMENT", "UBEN"] = replace(known, person=steward, until=0.0)
        stalled.clear()
        act = asyncio.create_task(scene.stand.command("ben", "", "/drumbeat"))
        await scene.engine.until(2)
        assert scene.engine.heard[1].who == BEN
        stalled.set()
        await act


async def test_a_rush_of_unknown_people_costs_a_list_and_not_a_call_for_each() -> None:
    async with slack() as scene:
        crowd = [f"p{number}" for number in range(200)]
        for name in crowd:
            scene.stand.add_person(Person(name, name.title(), "Europe/Berlin"))
        scene.stand.seat("river", *crowd)
        await scene.stand.wait_until(lambda: len(scene.engine.of(Changed)) == len(crowd))
    # A second start, which knows nobody.
    async with slack(scene.stand) as scene:
        ts = await scene.chat.post(scene.river, Message("Well?", Buttons(Button("Go", GO))), once="one")
        await asyncio.gather(*(scene.stand.press(name, f"CRIVER/{ts}", GO) for name in crowd))
        assert len(scene.engine.of(Pressed)) == len(crowd)
        assert scene.methods().count("users.info") <= 20
        await scene.stand.press("p150", f"CRIVER/{ts}", GO)
        assert scene.engine.of(Pressed)[-1].who == Person("UP150", "P150", "Europe/Berlin")
    # Whoever types a command is asked about even in a rush: it may be the one who governs the channel.
    async with slack(scene.stand) as scene:
        acts = (scene.stand.command(name, "river", "/drumbeat") for name in [*crowd[:30], "ana"])
        await asyncio.gather(*acts)
        assert [event.who.name for event in scene.engine.of(Commanded) if event.who.steward] == ["Ana"]
        assert {event.who.zone for event in scene.engine.of(Commanded)} == {"Europe/Berlin"}


async def test_nobody_is_asked_for_twice(scene: Scene) -> None:
    await asyncio.gather(*(scene.stand.say("ben", "river", f"Word {number}") for number in range(5)))
    await scene.stand.command("ben", "river", "/drumbeat")
    await scene.stand.command("ben", "river", "/drumbeat")
    assert (scene.methods().count("users.info"), scene.methods().count("conversations.info")) == (1, 1)
