"""Answering a check-in: by form, by a reply, by one tap, by passing; changed until the close, late until the next."""

from __future__ import annotations

import pytest

from bot.chat import Action, Person, Problems
from rituals.checkin.tables import CheckInAnswer
from tests.town import RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OPEN = """\
Check-in, Mon 2 November
1. What did you move forward?
2. What will you do next?
3. Where do you need a hand?
{count}. Use the button or reply here; two minutes are enough. Open until Wed 4 November, 09:00.
[Check in] [Pass this time]"""
FORM = """\
Check-in
What did you move forward?
What will you do next?
Where do you need a hand?
Did you do something for us?
[{submit}]"""
THANKS = """\
Thank you. Your answer goes into the thread.
You can change it until Wed 4 November, 09:00.
[Change my answer] [I did something for us]"""


async def scale_check_in(town: Town) -> None:
    """Make the check-in ask for a figure first."""
    await town.start_movement()
    await town.command("ana", "/checkin questions")
    first = town.set_choices()[0]
    await town.press("ana", "Change a set", choice=first)
    await town.fill("ana", question1="How was your week? (1-5)", question2="What made it so?", question3="")


async def test_a_check_in_is_asked_and_answered_by_form(town: Town) -> None:
    board = await town.open_check_in()
    assert board.text == OPEN.format(count="Nobody has answered yet")
    assert await town.press("chi", "Check in") == FORM.format(submit="Send")
    assert await town.fill("chi", q1="Talked to the harbour office", q2="Print the flyer") == THANKS
    assert town.board().text == OPEN.format(count="One person has answered")
    assert town.thread(board) == [
        "Answers, Mon 2 November\nChi\n> 1. Talked to the harbour office\n> 2. Print the flyer"
    ]
    assert town.acts() == [("chi", "checkin_answer")]


@sqlite
async def test_an_answer_can_be_changed_until_the_close(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("chi", "Check in")
    await town.fill("chi", q1="Nothing yet", did="Ten posters")
    await town.wait(hours=40)
    assert await town.press("chi", "Change my answer") == FORM.format(submit="Change")
    assert [field.value for field in town.form("chi").form.fields if hasattr(field, "value")] == [
        "Nothing yet",
        "",
        "",
        "Ten posters",
    ]
    assert await town.fill("chi", q1="A lot after all") == THANKS.replace(" [I did something for us]", "")
    assert town.thread(board) == ["Answers, Mon 2 November\nChi\n> 1. A lot after all"]
    assert town.board().text == OPEN.format(count="One person has answered")


async def test_a_reply_in_the_thread_is_an_answer(town: Town) -> None:
    board = await town.open_check_in()
    await town.say("chi", "Busy, but I put up two posters.", under=board)
    await town.say("chi", "And one more thing.", under=board)
    assert town.board().text == OPEN.format(count="One person has answered")
    assert town.thread(board) == ["Busy, but I put up two posters.", "And one more thing."]
    assert town.acts() == [("chi", "message"), ("chi", "checkin_answer")]


@sqlite
async def test_words_in_the_channel_are_no_answer(town: Town) -> None:
    await town.open_check_in()
    await town.say("chi", "Good morning!")
    assert town.board().text == OPEN.format(count="Nobody has answered yet")
    assert town.acts() == [("chi", "message")]


@sqlite
async def test_a_bots_reply_is_no_answer(town: Town) -> None:
    await town.start_movement()
    await town.bring(Person("beep", "Beep", bot=True))
    board = await town.open_check_in()
    await town.say("beep", "I am a feed.", under=board)
    assert town.board().text == OPEN.format(count="Nobody has answered yet")
    assert town.acts() == []


@sqlite
async def test_a_reply_of_nothing_but_invisible_characters_is_no_answer(town: Town) -> None:
    board = await town.open_check_in()
    await town.say("chi", "\u200b\u200d", under=board)
    assert town.board().text == OPEN.format(count="Nobody has answered yet")


@sqlite
async def test_somebody_who_replied_may_still_use_the_form_and_counts_once(town: Town) -> None:
    board = await town.open_check_in()
    await town.say("chi", "Busy.", under=board)
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="More, now that I am home")
    assert town.board().text == OPEN.format(count="One person has answered")
    assert town.thread(board) == ["Busy.", "Answers, Mon 2 November\nChi\n> 1. More, now that I am home"]


async def test_one_tap_answers_a_scale_and_another_tap_corrects_it(town: Town) -> None:
    await scale_check_in(town)
    board = await town.open_check_in()
    assert board.text == (
        "Check-in, Mon 2 November\n1. How was your week?\n2. What made it so?\n"
        "How was your week? One tap is enough: 1 is low, 5 is high.\n[1] [2] [3] [4] [5]\n"
        "Nobody has answered yet. Use the button or reply here; two minutes are enough. Open until "
        "Wed 4 November, 09:00.\n[Check in] [Pass this time]"
    )
    assert await town.press("chi", "2", on=board) == (
        "Noted: 2 of 5 for “How was your week?” Tap again to change it. Only the average is shown, and only from 5 "
        "people on.\n[Add a few words]"
    )
    await town.press("chi", "4", on=board)
    assert "\nOne person has answered. " in town.board().text
    assert [row["words"] for row in town.rows(CheckInAnswer)] == [{"1": "4"}]
    assert await town.press("chi", "Add a few words") == (
        "Check-in\nHow was your week?\nWhat made it so?\nDid you do something for us?\n[Change]"
    )
    await town.fill("chi", q2="Four new faces")
    assert town.thread(board) == ["Answers, Mon 2 November\nChi\n> 2. Four new faces"]
    assert town.acts() == [("chi", "checkin_answer")]


@sqlite
async def test_a_figure_alone_is_counted_and_never_shown_with_a_name(town: Town) -> None:
    await scale_check_in(town)
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    assert await town.fill("chi", q1="3") == (
        "Thank you. Your answer is noted.\nYou can change it until Wed 4 November, 09:00.\n"
        "[Change my answer] [I did something for us]"
    )
    assert town.thread(board) == []


@sqlite
async def test_a_pass_is_a_sign_of_life_and_no_answer(town: Town) -> None:
    board = await town.open_check_in()
    assert await town.press("chi", "Pass this time", on=board) == (
        "All right, nothing from you this time. If you change your mind, the button still works."
    )
    await town.press("chi", "Pass this time", on=board)
    assert town.board().text == OPEN.format(count="Nobody has answered yet")
    assert town.acts() == [("chi", "reaction")]
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="After all")
    assert town.board().text == OPEN.format(count="One person has answered")
    assert town.acts() == [("chi", "reaction"), ("chi", "checkin_answer")]


@sqlite
async def test_who_has_answered_cannot_pass_by_mistake(town: Town) -> None:
    board = await town.open_check_in()
    await town.say("chi", "Busy.", under=board)
    assert await town.press("chi", "Pass this time", on=board) == (
        "You have answered already, and your answer stays. You can still change it.\n[Change my answer]"
    )
    assert town.acts("reaction") == []


# ------------------------------------------------------------------------------------------------ what is wrong


@sqlite
async def test_an_empty_form_is_no_answer(town: Town) -> None:
    await town.open_check_in()
    await town.press("chi", "Check in")
    assert await town.fill("chi", q1=" ", q2="\u200b") == (
        "q1: Please answer at least one question, or press Pass this time."
    )
    assert town.rows(CheckInAnswer) == []


@sqlite
async def test_too_many_words_get_a_sentence_and_stay_in_the_form(town: Town) -> None:
    await town.open_check_in()
    await town.press("chi", "Check in")
    assert await town.send_past_the_form("chi", q1="x" * 501, did="y" * 201) == Problems(
        {
            "q1": "That is 501 characters; 500 fit here. Please shorten it.",
            "did": "That is 201 characters; 200 fit here. Please shorten it.",
        }
    )


@sqlite
async def test_an_answer_too_dense_to_be_shown_whole_is_not_cut(town: Town) -> None:
    await town.open_check_in()
    await town.press("chi", "Check in")
    assert await town.fill("chi", q1="Short", q2="*" * 500, q3="*" * 499) == (
        "q2: Together that is more than one answer can hold. Please shorten it."
    )


@sqlite
async def test_a_figure_that_is_none_gets_a_sentence(town: Town) -> None:
    await scale_check_in(town)
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    assert await town.send_past_the_form("chi", q1="6") == Problems({"q1": "Please choose a figure from 1 to 5."})


# ------------------------------------------------------------------------------------------------ did something


async def test_did_something_is_one_act_a_check_in_however_often_it_is_corrected(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Fine", did="Ten posters")
    await town.wait(days=1)
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Fine", did="Ten big posters")
    assert town.acts() == [("chi", "checkin_answer"), ("chi", "action_done")]


@sqlite
async def test_did_something_counts_at_most_once_a_day(town: Town) -> None:
    await town.start_movement()
    for number in (1, 2):
        await town.command("ana", "/checkin now")
        board = town.board()
        await town.press("chi", "Check in", on=board)
        await town.fill("chi", did=f"Poster {number}")
        await town.command("ana", "/checkin close")
        await town.wait(minutes=1)
    assert town.acts("action_done") == [("chi", "action_done")]
    await town.wait(days=1)
    await town.command("ana", "/checkin now")
    await town.press("chi", "Check in", on=town.board())
    await town.fill("chi", did="Poster 3")
    assert town.acts("action_done") == [("chi", "action_done")] * 2


@sqlite
async def test_did_something_can_be_told_after_the_answer(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Fine")
    assert await town.press("chi", "I did something for us") == "I did something\nWhat did you do for us?\n[Send]"
    assert await town.fill("chi", did="Ten posters") == "Thank you, that is noted."
    await town.wait(days=2)
    assert town.thread(board)[-1] == (
        "The check-in of Mon 2 November is closed. One person answered. Thank you.\n"
        "Done for us since the last one:\nChi\n> Ten posters"
    )
    assert town.acts() == [("chi", "checkin_answer"), ("chi", "action_done")]


@sqlite
async def test_with_five_questions_what_was_done_has_a_button_of_its_own(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/checkin questions")
    await town.press("ana", "Change a set", choice=town.set_choices()[0])
    await town.fill("ana", question1="One?", question2="Two?", question3="Three?", question4="Four?", question5="Five?")
    board = await town.open_check_in()
    assert await town.press("chi", "Check in", on=board) == ("Check-in\nOne?\nTwo?\nThree?\nFour?\nFive?\n[Send]")
    assert (await town.fill("chi", q5="Yes")).endswith("\n[Change my answer] [I did something for us]")
    await town.press("chi", "I did something for us")
    await town.fill("chi", did="Ten posters")
    await town.press("chi", "Check in", on=board)
    assert (await town.fill("chi", q5="No")).endswith("\n[Change my answer]")
    assert [row["did"] for row in town.rows(CheckInAnswer)] == ["Ten posters"]


# ------------------------------------------------------------------------------------------------ late


@sqlite
async def test_an_answer_may_be_late_until_the_next_check_in(town: Town) -> None:
    board = await town.open_check_in()
    await town.say("ben", "In time", under=board)
    await town.say("dee", "In time, too", under=board)
    await town.wait(days=3)
    assert await town.press("chi", "Add a late answer") == FORM.format(submit="Send")
    assert await town.fill("chi", q1="Better late") == (
        "Thank you, late is fine. Your answer goes into the thread.\n[Change my answer] [I did something for us]"
    )
    assert town.thread(board)[-1] == "Answers, Mon 2 November\nChi (added later)\n> 1. Better late"
    assert town.board().text.split("\n")[-2:] == [
        "3 people answered. This check-in is closed. Late answers are welcome until the next one.",
        "[Add a late answer]",
    ]


@sqlite
async def test_checkin_after_the_close_offers_the_late_answer(town: Town) -> None:
    await town.open_check_in()
    await town.wait(days=3)
    assert await town.command("chi", "/checkin") == (
        "No check-in is open right now. The next one opens Mon 9 November, 09:00.\n[Add a late answer]"
    )
    assert await town.press("chi", "Add a late answer") == FORM.format(submit="Send")


async def test_once_the_next_one_has_opened_a_late_answer_is_refused_and_its_words_stay(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.wait(days=7)
    assert town.board().text.startswith("Check-in, Mon 9 November\n")
    assert await town.fill("chi", q1="Long words that took an hour") == (
        "This check-in takes no more answers, because a newer one has begun. Your words are still here: copy them "
        "into the new one if they fit."
    )
    assert town.form("chi").typed["q1"] == "Long words that took an hour"
    assert town.post("Check-in, Mon 2").text.split("\n")[-1] == "Nobody answered. This check-in is closed."


@sqlite
async def test_every_old_button_says_kindly_that_it_is_over(town: Town) -> None:
    board = await town.open_check_in()
    number = board.view.actions[0].about if board.view else ""
    await town.wait(days=7)
    for verb in ("answer", "pass"):
        said = await town.press_kept("chi", Action("check-in", verb, number, 1))
        assert said == "This check-in takes no more answers. Type /checkin to see whether a newer one is open."
    assert await town.press_kept("chi", Action("check-in", "energy", number, 1)) == (
        "This check-in takes no more energy figures."
    )


@sqlite
async def test_a_pass_after_the_close_is_not_needed(town: Town) -> None:
    board = await town.open_check_in()
    number = board.view.actions[0].about if board.view else ""
    await town.wait(days=2)
    assert await town.press_kept("chi", Action("check-in", "pass", number, 1)) == (
        "This check-in is closed already. You owe nothing."
    )
    assert town.acts() == []


@sqlite
@pytest.mark.parametrize("about", ["", "0", "999", "9" * 18, "9" * 80, "1/9/9", "-1", "1/1/4"])
async def test_an_action_about_nothing_that_exists_is_answered_with_a_sentence(town: Town, about: str) -> None:
    await town.open_check_in()
    for verb in ("answer", "pass", "tap", "deed", "energy", "energy-given", "close-now"):
        said = await town.press_kept("ana", Action("check-in", verb, about[:60], 1))
        assert "Sorry" not in said, verb
    assert town.acts() == []


# ------------------------------------------------------------------------------------------------ who they are


@sqlite
async def test_checkin_opens_the_form_also_for_who_has_answered(town: Town) -> None:
    await town.open_check_in()
    assert await town.command("chi", "/checkin") == FORM.format(submit="Send")
    await town.fill("chi", q1="Fine")
    assert await town.command("chi", "/checkin") == FORM.format(submit="Change")


@sqlite
async def test_the_answer_of_somebody_who_left_still_stands(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Goodbye")
    await town.room.leave("chi", RIVER)
    await town.say("ben", "Fine", under=board)
    assert town.board().text == OPEN.format(count="2 people have answered")
    assert town.thread(board)[0] == "Answers, Mon 2 November\nChi\n> 1. Goodbye"


@sqlite
async def test_a_new_name_is_shown_with_the_next_change(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Fine")
    town.room.add_person(Person("chi", "Chiara", "Europe/Berlin"))
    await town.wait(days=1)
    await town.press("ben", "Check in", on=board)
    await town.fill("ben", q1="Fine, too")
    assert town.thread(board) == ["Answers, Mon 2 November\nChiara\n> 1. Fine\nBen\n> 1. Fine, too"]


@sqlite
async def test_sixty_answers_stand_on_ten_posts_each_answer_once(town: Town) -> None:
    await town.start_movement()
    await town.bring(*(Person(f"p{number}", f"Person {number:02}") for number in range(60)))
    board = await town.open_check_in()
    for number in range(60):
        await town.room.press(f"p{number}", board.id, town.board().view.actions[0])  # type: ignore[union-attr]
        opened = town.form(f"p{number}")
        await town.room.fill(f"p{number}", opened.id, {"q1": f"Answer number {number:02}"})
    await town.settle()
    pages = town.thread(board)
    assert len(pages) == 10
    assert sorted(line for page in pages for line in page.split("\n") if line.startswith("> ")) == [
        f"> 1. Answer number {number:02}" for number in range(60)
    ]
    assert "\n60 people have answered. Use the button" in town.board().text


@sqlite
async def test_long_answers_are_shown_whole_on_as_many_posts_as_they_need(town: Town) -> None:
    board = await town.open_check_in()
    long = {who: " ".join([who] * 120) for who in ("ana", "ben", "chi", "dee")}
    for who, words in long.items():
        await town.press(who, "Check in", on=board)
        await town.fill(who, q1=words, q2=words, q3=words)
    pages = town.thread(board)
    assert len(pages) == 2
    assert all(f"> {number}. {words}" in "\n".join(pages) for words in long.values() for number in (1, 2, 3))


@sqlite
async def test_an_answer_that_grows_too_long_for_its_post_moves_to_a_later_one(town: Town) -> None:
    board = await town.open_check_in()
    long = "word " * 99
    for who in ("ana", "ben", "chi", "dee"):
        await town.press(who, "Check in", on=board)
        await town.fill(who, q1="Short")
    await town.press("ana", "Check in", on=board)
    await town.fill("ana", q1=long, q2=long, q3=long)
    await town.press("ben", "Check in", on=board)
    await town.fill("ben", q1=long, q2=long, q3=long)
    pages = [[line for line in page.split("\n")[1:] if not line.startswith(">")] for page in town.thread(board)]
    assert pages == [["Ana", "Chi", "Dee"], ["Ben"]]
