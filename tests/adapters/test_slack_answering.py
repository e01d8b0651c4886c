from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from adapters.slack.answering import ALL_DONE, DONE, KEEPING, ONE_MOMENT, SORRY, TOO_SLOW, WRITTEN
from bot.chat import (
    Action,
    Answer,
    Button,
    Buttons,
    Choice,
    Commanded,
    Event,
    Form,
    Joined,
    Message,
    Option,
    People,
    Pressed,
    Problems,
    Said,
    Submitted,
    Text,
    When,
    Whisper,
    Words,
)
from bot.plain import read_aloud
from tests.adapters.slack_scene import Scene, slack, tell_form

GO = Action("demo", "go")
ALL = Form(
    "Tell us",
    Action("demo", "all"),
    Words(name="words", label="Words", hint="A few.", value="old", long=True),
    Choice(name="one", label="One", options=(Option("Yes", "y"), Option("No", "n"))),
    Choice(name="some", label="Some", options=(Option("A", "a"), Option("B", "b")), many=True, required=False),
    People(name="who", label="Who", most=3),
    When(name="day", label="Day"),
)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with slack() as scene:
        yield scene


def to(kind: type[Event], answer: Answer, otherwise: Answer = None) -> Callable[[Event], Answer]:
    """Answer events of one kind."""
    return lambda event: answer if isinstance(event, kind) else otherwise


async def open_form(scene: Scene, form: Form | None = None, *, who: str = "ben", channel: str = "river") -> str:
    """Let somebody open a form by a command; gives its id."""
    before, scene.engine.answer = scene.engine.answer, to(Commanded, form or tell_form())
    await scene.stand.command(who, channel, "/drumbeat")
    scene.engine.answer = before
    opened = scene.stand.form(who)
    assert opened is not None
    return opened.id


async def button(scene: Scene) -> str:
    """Post a button; gives the post's id."""
    return f"CRIVER/{await scene.chat.post(scene.river, Message('Well?', Buttons(Button('Go', GO))), once='one')}"


# ------------------------------------------------------------------------------------------------ in time


async def test_a_whisper_to_a_command_comes_with_the_acknowledgement(scene: Scene) -> None:
    scene.engine.answer = to(Commanded, Whisper("Hello ", Buttons(Button("Go", GO))))
    answer = await scene.stand.command("ben", "river", "/drumbeat")
    assert answer == Whisper("Hello ", Buttons(Button("Go", GO)))
    assert scene.methods()[-1] == "ack.command"


async def test_a_command_may_be_answered_with_a_form_or_with_nothing(scene: Scene) -> None:
    scene.engine.answer = to(Commanded, ALL)
    assert await scene.stand.command("ben", "river", "/drumbeat") == ALL
    scene.engine.answer = to(Commanded, None)
    assert await scene.stand.command("chi", "river", "/drumbeat") is None
    assert scene.payloads("ack.command") == [{}, {}]


async def test_problems_without_a_form_are_said_in_a_whisper(scene: Scene) -> None:
    scene.engine.answer = lambda _: Problems({"": "Not today.", "x": "Nor tomorrow."})
    said = Whisper("Not today.", "Nor tomorrow.")
    assert await scene.stand.command("ben", "river", "/drumbeat") == said
    assert await scene.stand.press("ben", await button(scene), GO) == said


async def test_a_press_is_answered_beside_its_message(scene: Scene) -> None:
    post = await button(scene)
    scene.engine.answer = to(Pressed, Whisper("Thanks."))
    assert await scene.stand.press("ben", post, GO) == Whisper("Thanks.")
    scene.engine.answer = to(Pressed, ALL)
    assert await scene.stand.press("chi", post, GO) == ALL
    scene.engine.answer = to(Pressed, None)
    assert await scene.stand.press("dee", post, GO) is None
    assert scene.payloads("ack.block_actions") == [{}, {}, {}]
    assert scene.methods().count("response_url") == 1
    assert scene.stand.message(post) is not None


async def test_a_press_on_a_whisper_says_something_new_beside_it(scene: Scene) -> None:
    scene.engine.answer = to(Commanded, Whisper("Well?", Buttons(Button("Go", GO))), Whisper("Gone."))
    await scene.stand.command("ben", "river", "/drumbeat")
    await scene.stand.press("ben", scene.stand.whispers("ben")[-1].id, GO)
    assert [post.text for post in scene.stand.whispers("ben")] == ["Well?\n[Go]", "Gone."]


async def test_problems_stay_at_their_fields_and_the_form_open(scene: Scene) -> None:
    form = await open_form(scene, ALL)
    scene.engine.answer = lambda _: Problems({"day": "That is over.", "": "Try again.", "lost": "And this."})
    typed: dict[str, str | tuple[str, ...]] = {"words": "new", "one": "y", "who": ("chi",), "day": "2020-01-01"}
    answer = await scene.stand.fill("ben", form, typed)
    assert answer == Problems({"day": "That is over.", "words": "Try again.\nAnd this."})
    opened = scene.stand.form("ben")
    assert opened is not None
    assert opened.id == form


async def test_a_form_may_be_followed_by_the_next_one_in_the_same_place(scene: Scene) -> None:
    form = await open_form(scene)
    scene.engine.answer = lambda event: ALL if event.id == scene.engine.of(Submitted)[0].id else None
    assert await scene.stand.fill("ben", form, {"words": "one"}) == ALL
    following = scene.stand.form("ben")
    assert following is not None
    typed: dict[str, str | tuple[str, ...]] = {"words": "new", "one": "y", "who": ("chi",), "day": "2026-12-01"}
    assert await scene.stand.fill("ben", following.id, typed) is None
    assert [event.place for event in scene.engine.of(Submitted)] == [scene.river, scene.river]
    assert scene.stand.form("ben") is None


async def test_a_whisper_after_a_form_stands_where_it_was_opened(scene: Scene) -> None:
    root = await button(scene)
    await scene.stand.say("chi", "river", "A reply", thread=root)
    scene.engine.answer = lambda event: tell_form() if isinstance(event, Pressed) else Whisper("Kept.")
    reply = await scene.chat.post(
        replace(scene.river, thread=root.partition("/")[2]), Message("There?", Buttons(Button("Go", GO))), once="two"
    )
    await scene.stand.press("ben", f"CRIVER/{reply}", GO)
    opened = scene.stand.form("ben")
    assert opened is not None
    assert await scene.stand.fill("ben", opened.id, {"words": "x"}) == Whisper("Kept.")
    (whisper,) = [post for post in scene.stand.whispers("ben") if post.text == "Kept."]
    assert (whisper.place.channel, whisper.place.thread) == ("river", root)


async def test_a_whisper_after_a_form_without_a_channel_comes_in_private(scene: Scene) -> None:
    scene.stand.add_channel("lake", "lake", creator="ana", bot=False)
    for channel in ("", "lake"):
        form = await open_form(scene, who="ana", channel=channel)
        scene.engine.answer = to(Submitted, Whisper("Kept."))
        assert await scene.stand.fill("ana", form, {"words": "x"}) == Whisper("Kept.")
    assert [post.place.channel for post in scene.stand.whispers("ana")] == ["", ""]


async def test_what_is_to_be_said_to_somebody_who_wrote_or_came_is_said(scene: Scene) -> None:
    scene.engine.answer = lambda event: Whisper("Welcome.") if isinstance(event, Said | Joined) else None
    assert await scene.stand.say("ben", "river", "Hello") == Whisper("Welcome.")
    assert await scene.stand.say("ben", "", "Hello") == Whisper("Welcome.")
    await scene.stand.join("eli", "river")
    await scene.stand.wait_until(lambda: scene.stand.whispers("eli"))


# ------------------------------------------------------------------------------------------------ too late


async def test_a_slow_answer_to_a_command_takes_the_place_of_one_moment(scene: Scene) -> None:
    scene.engine.gate.clear()
    answers: dict[str, Answer] = {"UBEN": Whisper("Hello."), "UCHI": None, "UDEE": Problems({"": "No."})}
    scene.engine.answer = lambda event: answers[event.who.id]
    acts = [asyncio.create_task(scene.stand.command(who, "river", "/drumbeat")) for who in ("ben", "chi", "dee")]
    await scene.stand.wait_until(lambda: all(scene.stand.whispers(who) for who in ("ben", "chi", "dee")))
    assert {scene.told(who) for who in ("ben", "chi", "dee")} == {ONE_MOMENT}
    scene.engine.gate.set()
    await asyncio.gather(*acts)
    shown = {who: [post.text for post in scene.stand.whispers(who)] for who in ("ben", "chi", "dee")}
    assert shown == {"ben": ["Hello."], "chi": [], "dee": ["No."]}
    assert scene.stand.failures == []


async def test_a_slow_form_opens_while_its_trigger_lives_and_else_says_so(scene: Scene) -> None:
    scene.engine.gate.clear()
    scene.engine.answer = lambda _: tell_form()
    post = await button(scene)
    soon = asyncio.create_task(scene.stand.command("ben", "river", "/drumbeat"))
    pressed = asyncio.create_task(scene.stand.press("chi", post, GO))
    await scene.stand.wait_until(lambda: scene.stand.whispers("ben"))
    scene.engine.gate.set()
    assert await soon == tell_form()
    assert await pressed == tell_form()
    assert [post.text for post in scene.stand.whispers("ben")] == []

    scene.stand.platform.triggers.seconds = 0.0
    assert await scene.stand.command("dee", "river", "/drumbeat") == Whisper(TOO_SLOW)
    assert await scene.stand.press("dee", post, GO) == Whisper(TOO_SLOW)


async def test_one_moment_gives_way_to_the_news_that_the_form_came_too_late(scene: Scene) -> None:
    scene.engine.gate.clear()
    scene.stand.platform.triggers.seconds = 0.5
    scene.engine.answer = lambda _: tell_form()
    act = asyncio.create_task(scene.stand.command("ben", "river", "/drumbeat"))
    await scene.stand.wait_until(lambda: scene.stand.whispers("ben"))
    scene.engine.gate.set()
    await act
    assert [post.text for post in scene.stand.whispers("ben")] == [TOO_SLOW]


async def test_a_slow_answer_to_a_press_comes_beside_it(scene: Scene) -> None:
    post = await button(scene)
    scene.engine.gate.clear()
    scene.engine.answer = to(Pressed, Whisper("Thanks."))
    act = asyncio.create_task(scene.stand.press("ben", post, GO))
    await scene.stand.wait_until(lambda: scene.stand.whispers("ben"))
    assert scene.told("ben") == ONE_MOMENT
    scene.engine.gate.set()
    assert await act == Whisper("Thanks.")
    assert [sent["replace_original"] for sent in scene.payloads("response_url")] == [False, False]
    # What everybody sees is neither replaced nor deleted.
    assert [one.text for one in scene.stand.channel_messages("river")] == ["Well?\n[Go]"]
    assert scene.stand.failures == []


async def test_a_slow_press_that_needs_no_answer_says_that_it_is_done(scene: Scene) -> None:
    post = await button(scene)
    scene.engine.gate.clear()
    act = asyncio.create_task(scene.stand.press("ben", post, GO))
    await scene.stand.wait_until(lambda: scene.stand.whispers("ben"))
    scene.engine.gate.set()
    assert await act == Whisper(ALL_DONE)
    assert [one.text for one in scene.stand.whispers("ben")] == [ONE_MOMENT, ALL_DONE]
    assert scene.stand.message(post) is not None


async def test_a_slow_form_says_that_it_is_kept_and_then_how_it_went(scene: Scene) -> None:
    typed: dict[str, str | tuple[str, ...]] = {
        "words": "new\nlines",
        "one": "n",
        "some": ("a", "b"),
        "who": ("chi", "dee"),
        "day": "2026-12-03",
    }
    answers: dict[str, Answer] = {
        "UANA": None,
        "UBEN": Problems({"words": "Longer.", "": "And again."}),
        "UCHI": Whisper("Thanks."),
        "UDEE": tell_form(),
    }
    forms = {who: await open_form(scene, ALL, who=who) for who in ("ana", "ben", "chi", "dee")}
    scene.engine.gate.clear()
    scene.engine.answer = lambda event: answers[event.who.id]
    acts = {who: asyncio.create_task(scene.stand.fill(who, form, typed)) for who, form in forms.items()}
    await scene.stand.wait_until(lambda: all(scene.stand.form(who) is None for who in forms))
    notices = [scene.stand.notice(who) for who in forms]
    assert {read_aloud(notice) for notice in notices if notice} == {KEEPING}
    scene.engine.gate.set()
    await asyncio.gather(*acts.values())

    assert scene.stand.notice("ana") == Message(DONE)
    assert scene.stand.notice("chi") == Message(WRITTEN)
    assert scene.told("chi") == "Thanks."
    following = scene.stand.form("dee")
    assert following is not None
    assert following.form == tell_form()
    again = scene.stand.form("ben")
    assert again is not None
    assert {field.name: field.value for field in again.form.fields} == {
        "words": "new\nlines",
        "one": ("n",),
        "some": ("a", "b"),
        "who": ("chi", "dee"),
        "day": "2026-12-03",
    }
    assert [field.hint for field in again.form.fields] == ["⚠️ Longer.\n⚠️ And again.\nA few.", "", "", "", ""]

    # Sent again, it is a form like any other.
    scene.engine.answer = to(Submitted, None)
    assert await scene.stand.fill("ben", again.id, {**typed, "words": "as long as it gets"}) is None
    assert scene.engine.of(Submitted)[-1].place == scene.river
    assert scene.stand.failures == []


async def test_who_closed_the_form_meanwhile_is_told_what_is_wrong_all_the_same(scene: Scene) -> None:
    form = await open_form(scene)
    scene.engine.gate.clear()
    scene.engine.answer = to(Submitted, Problems({"words": "Longer."}))
    act = asyncio.create_task(scene.stand.fill("ben", form, {"words": "x"}))
    await scene.stand.wait_until(lambda: scene.stand.form("ben") is None)
    scene.stand.close_form("ben", form)
    scene.engine.gate.set()
    await act
    assert scene.told("ben") == "Longer."


async def test_words_wait_for_the_engine_before_they_are_acknowledged(scene: Scene) -> None:
    scene.engine.gate.clear()
    act = asyncio.create_task(scene.stand.say("ben", "river", "Hello"))
    await scene.engine.until(1)
    assert scene.stand.platform.dispatch.under_way
    scene.engine.gate.set()
    await act
    assert not scene.stand.platform.dispatch.under_way


# ------------------------------------------------------------------------------------------------ what goes wrong


async def test_when_the_engine_breaks_people_get_an_apology(scene: Scene) -> None:
    def break_down(event: Event) -> Answer:
        raise RuntimeError(type(event).__name__)

    post, form = await button(scene), await open_form(scene)
    scene.engine.answer = break_down
    assert await scene.stand.command("chi", "river", "/drumbeat") == Whisper(SORRY)
    assert await scene.stand.press("chi", post, GO) == Whisper(SORRY)
    assert await scene.stand.fill("ben", form, {"words": "x"}) == Problems({"words": SORRY})


async def test_words_that_could_not_be_kept_are_not_acknowledged(scene: Scene) -> None:
    scene.stand.platform.dispatch.ack_seconds = 0.5
    scene.stand.platform.dispatch.retry_seconds = (0.0,)
    tries = 0

    def break_down_once(event: Event) -> Answer:
        nonlocal tries
        tries += isinstance(event, Said)
        if tries == 1:
            raise RuntimeError
        return None

    scene.engine.answer = break_down_once
    await scene.stand.say("ben", "river", "Hello")
    await scene.engine.until(2)
    first, second = scene.engine.of(Said)
    assert first == second


async def test_a_form_that_slack_refuses_is_an_apology(scene: Scene) -> None:
    scene.engine.answer = to(Commanded, tell_form())
    scene.stand.refuse_next("internal_error", "views.open")
    assert await scene.stand.command("ben", "river", "/drumbeat") == Whisper(SORRY)


async def test_an_answer_whose_address_is_closed_comes_another_way(scene: Scene) -> None:
    post = await button(scene)
    scene.engine.answer = to(Pressed, Whisper("Thanks."))
    scene.stand.refuse_next("no_service", "response_url")
    assert await scene.stand.press("ben", post, GO) == Whisper("Thanks.")
    assert scene.methods()[-2:] == ["response_url", "chat.postEphemeral"]


async def test_a_whisper_waits_when_slack_asks_to_slow_down(scene: Scene) -> None:
    form = await open_form(scene)
    scene.engine.answer = to(Submitted, Whisper("Kept."))
    scene.stand.fail_next(1, retry_after=0.05, method="chat.postEphemeral")
    assert await scene.stand.fill("ben", form, {"words": "x"}) == Whisper("Kept.")
    assert scene.methods()[-2:] == ["chat.postEphemeral", "chat.postEphemeral"]


async def test_somebody_who_takes_no_private_words_costs_nobody_else_anything(scene: Scene) -> None:
    scene.stand.close_inbox("ben")
    form = await open_form(scene, channel="")
    scene.engine.answer = to(Submitted, Whisper("Kept."))
    assert await scene.stand.fill("ben", form, {"words": "x"}) is None
    assert await scene.stand.command("chi", "river", "/drumbeat") is None
    assert scene.stand.failures == []


async def test_a_stop_answers_what_is_under_way_and_then_hangs_up() -> None:
    async with slack() as scene:
        scene.engine.gate.clear()
        scene.engine.answer = to(Commanded, Whisper("Hello."))
        act = asyncio.create_task(scene.stand.command("chi", "river", "/drumbeat"))
        await scene.engine.until(1)
    # The scene opens the gate when it stops the adapter.
    assert await act == Whisper("Hello.")


async def test_a_stop_brings_the_answers_that_it_promised() -> None:
    async with slack() as scene:
        scene.engine.gate.clear()
        scene.engine.answer = to(Commanded, Whisper("Hello."))
        act = asyncio.create_task(scene.stand.command("ben", "river", "/drumbeat"))
        await scene.stand.wait_until(lambda: scene.stand.whispers("ben"))
        assert scene.running is not None
        scene.running.cancel()
        await scene.stand.wait_until(lambda: not scene.stand.platform.sockets.open)
        assert scene.told("ben") == ONE_MOMENT
        scene.engine.gate.set()
        await asyncio.wait({scene.running})
        await act
        assert [post.text for post in scene.stand.whispers("ben")] == ["Hello."]


async def test_a_command_in_a_workspace_that_is_not_installed_says_so() -> None:
    async with slack() as scene:
        scene.stand.add_channel("hill", "hill", "other", creator="eli")
        scene.stand.install("other")
        answer = await scene.stand.command("eli", "hill", "/drumbeat")
        assert answer == Whisper("I am not installed in this workspace (any more), so I cannot do that.")
        await scene.stand.say("eli", "hill", "Hello?")
        assert scene.engine.heard == []


async def test_a_hundred_at_once_are_all_answered(scene: Scene) -> None:
    scene.engine.answer = lambda event: Whisper(Text(event.who.name))
    post = await button(scene)
    await asyncio.gather(*(scene.stand.press("ben", post, GO) for _ in range(100)))
    assert len(scene.stand.whispers("ben")) == 100
    assert scene.stand.failures == []
