"""What people ask Drumbeat on Discord, and what they see of the answer, in time and too late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.chat import (
    Action,
    Answer,
    Button,
    Buttons,
    Choice,
    Commanded,
    Event,
    Form,
    Menu,
    Message,
    Option,
    Picture,
    Pressed,
    Problems,
    Submitted,
    Text,
    Whisper,
    Words,
)
from tests.adapters.discord_house import (
    ANSWER,
    FILLED,
    FORM,
    START,
    House,
    Slow,
    always,
    answering,
    discord_house,
    seen,
)

PICK = Action("check-in", "pick", "", 3)
ASK = Message("How are you?", Buttons(Button("Answer", ANSWER)), Menu("Pick", PICK, (Option("Blue", "b"),)))


def as_shown(form: Form) -> Form:
    """Give a form as it is on Discord, which words the button itself."""
    return Form(form.title, form.action, *form.fields, submit="Submit")


# ------------------------------------------------------------------------------------------------ in time


async def test_a_command_is_heard_with_its_words_and_answered_to_one_person() -> None:
    async with discord_house() as house:
        house.answer = always(Whisper("You are away until Friday."))
        answer = await house.stand.command("ana", "river", "/away until friday")
        assert seen(answer) == "You are away until Friday."
        assert [whisper.text for whisper in house.stand.whispers("ben")] == []
        (heard,) = house.of(Commanded)
        assert heard == Commanded(
            id=heard.id,
            who=house.person("ana", steward=True),
            place=house.place(),
            at=START,
            name="away",
            words="until friday",
        )
        assert heard.id.startswith("discord/interaction/")


async def test_a_command_to_which_there_is_nothing_to_say_is_done() -> None:
    async with discord_house() as house:
        assert seen(await house.stand.command("ana", "river", "/away back")) == "Done."


async def test_a_press_to_which_there_is_nothing_to_say_shows_nothing() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), ASK, once="1")
        assert await house.stand.press("ben", post, ANSWER) is None
        assert house.stand.whispers("ben") == ()
        (heard,) = house.of(Pressed)
        assert heard == Pressed(
            id=heard.id, who=house.person("ben"), place=house.place(), at=START, action=ANSWER, message=post
        )


async def test_a_pick_in_a_menu_says_what_was_picked() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), ASK, once="1")
        await house.stand.press("ben", post, PICK, "b")
        assert [(heard.action, heard.choice) for heard in house.of(Pressed)] == [(PICK, "b")]


async def test_a_button_works_after_a_restart_and_knows_what_it_is_for() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), ASK, once="1")
        await house.restart()
        house.answer = always(FORM)
        assert seen(await house.stand.press("ben", post, ANSWER)) == seen(as_shown(FORM))
        assert [heard.action for heard in house.of(Pressed)] == [ANSWER]


async def test_a_button_on_a_whisper_stands_on_no_post() -> None:
    async with discord_house() as house:
        house.answer = always(Whisper(Text("Sure?"), Buttons(Button("Yes", ANSWER))))
        await house.stand.command("ana", "river", "/drumbeat")
        (whisper,) = house.stand.whispers("ana")
        await house.stand.press("ana", whisper.id, ANSWER)
        assert [(heard.place, heard.message) for heard in house.of(Pressed)] == [(house.place(), "")]


async def test_a_form_comes_back_with_everything_that_was_filled_in() -> None:
    async with discord_house() as house:
        house.answer = answering(commanded=FORM, submitted=Whisper("Noted."))
        await house.stand.command("ben", "river", "/drumbeat")
        opened = house.stand.form("ben")
        assert opened is not None
        assert opened.form == as_shown(FORM)
        answer = await house.stand.fill("ben", opened.id, {**FILLED, "with": ("ana",)})
        assert seen(answer) == "Noted."
        (heard,) = house.of(Submitted)
        assert (heard.action, heard.place, heard.who) == (ANSWER, house.place(), house.person("ben"))
        assert heard.answers == {**FILLED, "with": (house.native("ana"),)}


async def test_what_was_left_out_of_a_form_comes_back_empty() -> None:
    async with discord_house() as house:
        radio = Choice(name="mood", label="How?", options=(Option("Good", "4"), Option("Bad", "2")), required=False)
        line = Words(name="line", label="A line", required=False)
        house.answer = answering(commanded=Form("Ask", ANSWER, radio, line))
        await house.stand.command("ben", "river", "/drumbeat")
        opened = house.stand.form("ben")
        assert opened is not None
        await house.stand.fill("ben", opened.id, {})
        assert [heard.answers for heard in house.of(Submitted)] == [{"mood": (), "line": ""}]


async def test_a_form_from_a_button_to_which_there_is_nothing_to_say_just_closes() -> None:
    async with discord_house() as house:
        house.answer = answering(pressed=FORM)
        post = await house.chat.post(house.place(), ASK, once="1")
        await house.stand.press("ben", post, ANSWER)
        opened = house.stand.form("ben")
        assert opened is not None
        assert await house.stand.fill("ben", opened.id, FILLED) is None
        assert (house.stand.form("ben"), house.stand.whispers("ben")) == (None, ())


async def test_a_form_from_a_command_to_which_there_is_nothing_to_say_is_done() -> None:
    async with discord_house() as house:
        house.answer = answering(commanded=FORM)
        await house.stand.command("ben", "river", "/drumbeat")
        opened = house.stand.form("ben")
        assert opened is not None
        assert seen(await house.stand.fill("ben", opened.id, FILLED)) == "Done."


async def test_after_a_form_the_next_form_is_one_button_away() -> None:
    async with discord_house() as house:
        second = Form("And then", Action("check-in", "more", "17", 3), Words(name="more", label="More"))
        house.answer = answering(commanded=FORM, submitted=second)
        await house.stand.command("ben", "river", "/drumbeat")
        opened = house.stand.form("ben")
        assert opened is not None
        answer = await house.stand.fill("ben", opened.id, FILLED)
        assert answer == as_shown(second)


async def test_a_whisper_may_hold_a_picture() -> None:
    async with discord_house() as house:
        house.answer = always(Whisper("This month", Picture(b"\x89PNG\r\n\x1a\n", "Twelve came")))
        assert seen(await house.stand.command("ana", "river", "/drumbeat")) == "This month\n(Twelve came)"


async def test_a_button_that_no_drumbeat_knows_says_so() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), ASK, once="1")
        button = house.stand.world.sent[post].components[1]["components"][0]
        button["custom_id"] = "db0:something old"
        shown = house.stand.message(post)
        assert shown is not None
        assert shown.view is not None
        answer = await house.stand.press("ben", post, shown.view.actions[0])
        assert seen(answer) == "This is not there any more. Please use the newest message."
        assert house.heard == []


async def test_whoever_asks_gets_an_apology_when_drumbeat_breaks() -> None:
    async def break_down(event: Event) -> Answer:
        raise RuntimeError(type(event).__name__)

    async with discord_house() as house:
        house.answer = break_down
        sorry = "Sorry, that went wrong on my side. Please try again."
        assert seen(await house.stand.command("ana", "river", "/drumbeat")) == sorry
        house.answer = always(FORM)
        await house.stand.command("ana", "river", "/drumbeat")
        opened = house.stand.form("ana")
        assert opened is not None
        house.answer = break_down
        assert seen(await house.stand.fill("ana", opened.id, FILLED)) == sorry
        again = house.stand.form("ana")
        assert again is not None
        assert again.typed["intention"] == "call Chi"


# ------------------------------------------------------------------------------------------------ where


async def test_whoever_asks_in_a_thread_is_heard_in_the_thread() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), ASK, once="1")
        reply = await house.chat.post(house.place(thread=post), ASK, once="2")
        await house.stand.press("ben", reply, ANSWER)
        await house.stand.command("ben", "river", "/drumbeat", thread=post)
        there = house.place(thread=post)
        assert [heard.place for heard in house.heard] == [there, there]


async def test_a_private_conversation_belongs_to_no_server_because_discord_does_not_tell_which() -> None:
    async with discord_house() as house:
        house.stand.add_channel("sea", "sea", workspace="other", creator="ben")
        post = await house.chat.post(house.inbox("ben", workspace="other"), ASK, once="1")
        await house.stand.press("ben", post, ANSWER)
        await house.stand.command("ben", "", "/drumbeat")
        await house.stand.say("ben", "", "Hello")
        assert [heard.place for heard in house.heard] == [house.private("ben")] * 3


# ------------------------------------------------------------------------------------------------ too late for that


async def answered_late(house: House, answer: Answer, act: Callable[[], Awaitable[Answer]]) -> Answer:
    """Let somebody act while Drumbeat is busy for longer than Discord waits; gives what they see in the end."""
    slow = Slow(answer)
    house.answer = slow
    acting = asyncio.create_task(_seen_by(act))
    interactions = house.stand.service.interactions
    before = len(interactions.by_id)
    await house.stand.wait_until(lambda: len(interactions.by_id) > before)
    newest = list(interactions.by_id.values())[-1]
    await house.stand.wait_until(lambda: newest.answer != 0)
    assert (newest.answer, slow.finished) == (5, 0)
    slow.go_on.set()
    return await acting


async def _seen_by(act: Callable[[], Awaitable[Answer]]) -> Answer:
    return await act()


async def test_whoever_waits_too_long_is_told_to_wait_and_gets_the_answer_then() -> None:
    houses = [House() for _ in range(4)]
    for number, house in enumerate(houses):
        house.pass_time(seconds=number)
        await house.stand.start()
        await house.connect()
    command, press, modal, nothing = houses
    try:
        posts = [await house.chat.post(house.place(), ASK, once="1") for house in houses]
        modal.answer = answering(pressed=FORM)
        await modal.stand.press("ben", posts[2], ANSWER)
        opened = modal.stand.form("ben")
        assert opened is not None
        answers = await asyncio.gather(
            answered_late(command, Whisper("At last."), lambda: command.stand.command("ana", "river", "/drumbeat")),
            answered_late(press, FORM, lambda: press.stand.press("ben", posts[1], ANSWER)),
            answered_late(modal, Problems({"by": "Too late."}), lambda: modal.stand.fill("ben", opened.id, FILLED)),
            answered_late(nothing, None, lambda: nothing.stand.press("ben", posts[3], ANSWER)),
        )
        assert [*answers] == [
            Whisper("At last."),
            as_shown(FORM),
            Problems({"by": "Too late."}),
            None,
        ]
        assert [whisper.text for whisper in nothing.stand.whispers("ben")] == []
        # That only one person sees it stands in the deferral; an edit can only say how it is laid out.
        assert [call["json"]["flags"] for call in command.calls("PATCH", "/@original")] == [1 << 15]
        again = modal.stand.form("ben")
        assert again is not None
        assert again.form.fields[0].value == "call Chi"
    finally:
        for house in houses:
            await house.disconnect()
            await house.stand.stop()


# ------------------------------------------------------------------------------------------------ mishaps


async def test_what_discord_tells_twice_is_heard_once() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), ASK, once="1")
        await house.stand.press("ben", post, ANSWER)
        await house.stand.redeliver_last()
        assert len(house.of(Pressed)) == 1


async def test_an_answer_whose_receipt_was_lost_counts() -> None:
    async with discord_house() as house:
        house.answer = always(Whisper("Noted."))
        house.stand.fail_answers(1, after_storing=True)
        assert seen(await house.stand.command("ana", "river", "/drumbeat")) == "Noted."
        await house.chat.rest()
        assert [call["status"] for call in house.calls("POST", "/callback")] == [400]


async def test_a_form_whose_receipt_was_lost_is_open() -> None:
    async with discord_house() as house:
        house.answer = answering(commanded=FORM, submitted=Problems({"intention": "Say it in one word."}))
        house.stand.fail_answers(1, after_storing=True)
        await house.stand.command("ben", "river", "/drumbeat")
        opened = house.stand.form("ben")
        assert opened is not None
        await house.chat.rest()
        assert await house.stand.fill("ben", opened.id, FILLED) == Problems({"intention": "Say it in one word."})


async def test_an_answer_that_discord_is_too_busy_for_is_given_again() -> None:
    async with discord_house() as house:
        house.answer = always(Whisper("Noted."))
        house.stand.fail_answers(1)
        assert seen(await house.stand.command("ana", "river", "/drumbeat")) == "Noted."


async def test_an_answer_that_discord_refuses_ends_nothing() -> None:
    async with discord_house() as house:
        house.answer = always(Whisper("Noted."))
        await house.stand.command("ana", "river", "/drumbeat")
        told = house.stand.events[-1].data
        unknown = {**told, "id": str(int(told["id"]) + 1), "token": "unknown"}
        await house.stand.tell("INTERACTION_CREATE", unknown)
        assert seen(await house.stand.command("ana", "river", "/drumbeat")) == "Noted."
