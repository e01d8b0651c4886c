"""Making a promise: in a line, in a form, for oneself, and for somebody who is asked first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat import Action, Person, Problems
from bot.tables import Promise
from tests.town import BERLIN, RIVER, Town, where_moments_are_typed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Where the platforms add nothing to what is looked at.
in_the_room = pytest.mark.parametrize("platform", ["playground"])

WAYS = "[Done] [Need more time] [Let it go] [Need help]"
FORM = "A promise\nWhat will be done?\nWho does it?\nBy when?\nWho does it with them?\nWho may see it?\n[Promise]"
ASKED_DEE = (
    "Clean River: Ana asks whether you will do this, by Fri 6 November.\n"
    "> Print the flyer\nEither answer is fine.\n[I'll do it] [I can't]"
)

ASKED_BEN = (
    "Clean River: Dee promised this and asks whether you do it with them, by Fri 6 November.\n"
    "> Print the flyer\nEither answer is fine.\n[I'll do it] [I can't]"
)
LAPSED = (
    "This was asked for by Fri 6 November, and nobody had promised it:\n> Print the flyer\n"
    "It is off the list. If it still matters, ask again with /promise."
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November on Berlin's clocks."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def kept(town: Town) -> list[tuple[object, ...]]:
    """Every promise as (what, the end of its day on Berlin's clocks, accepted, public)."""
    return [
        (
            row["what"],
            f"{row['due_at'].astimezone(BERLIN):%d %b %H:%M}" if isinstance(row["due_at"], datetime) else "",
            row["accepted_at"] is not None,
            row["public"],
        )
        for row in town.rows(Promise)
    ]


def letters(town: Town, who: str) -> list[str]:
    """Somebody's private messages, but for the check-in's."""
    return [text for text in town.inbox(who) if not text.startswith("The check-in of")]


# ------------------------------------------------------------------------------------------------ in a line


async def test_a_promise_typed_in_a_line_is_whispered_back_and_the_channel_stays_quiet(town: Town) -> None:
    await town.start_movement()
    before = town.channel()
    assert await town.command("chi", "/promise call the harbour office by friday") == (
        "You promised this, by Fri 6 November:\n> call the harbour office\n"
        f"It stands in /promise list. I will remind you once, in private: Thu 5 November.\n{WAYS}"
    )
    assert kept(town) == [("call the harbour office", "07 Nov 00:00", True, True)]
    assert town.acts("promise_made") == [("chi", "promise_made")]
    assert (town.channel(), town.inbox("chi")) == (before, [])


@in_the_room
@sqlite
@pytest.mark.parametrize(
    ("line", "what", "due"),
    [
        ("call Dee BY Friday", "call Dee", "07 Nov 00:00"),
        ("drop by the office by in two weeks", "drop by the office", "16 Nov 00:00"),
        ("stand by the river by 3 december", "stand by the river", "04 Dec 00:00"),
        ("  bring   gloves   by   today ", "bring gloves", "02 Nov 00:00"),
        ("send the notes by tomorrow 18:00", "send the notes", "02 Nov 18:00"),
    ],
)
async def test_the_last_by_names_the_day(town: Town, line: str, what: str, due: str) -> None:
    await town.start_movement()
    await town.command("chi", f"/promise {line}")
    assert kept(town) == [(what, due, True, True)]


@in_the_room
@sqlite
@pytest.mark.parametrize(
    ("line", "what", "day", "hint"),
    [
        ("", "", "", "The last day on which it still helps."),
        ("call the harbour office", "call the harbour office", "", "The last day on which it still helps."),
        ("drop by the office", "drop by the office", "", "The last day on which it still helps."),
        ("tidy up by someday", "tidy up by someday", "", "The last day on which it still helps."),
        ("by friday", "", "2026-11-06", "The last day on which it still helps."),
        ("tidy up by 2026-10-01", "tidy up", "", "That day is over. Choose today or a later day."),
        ("tidy up by 2028-01-01", "tidy up", "", "That is more than a year ahead. Choose a nearer day."),
        ("x" * 400 + " by friday", "x" * 400, "2026-11-06", "The last day on which it still helps."),
    ],
)
async def test_what_is_missing_is_asked_for_in_the_form_and_nothing_typed_is_lost(
    town: Town, line: str, what: str, day: str, hint: str
) -> None:
    await town.start_movement()
    assert await town.command("chi", f"/promise {line}".strip()) == FORM
    fields = {field.name: field for field in town.form("chi").form.fields}
    assert (fields["what"].value, fields["by"].value) == (what, day)
    assert fields["by"].hint == hint
    assert kept(town) == []


# ------------------------------------------------------------------------------------------------ in the form


async def test_a_promise_is_made_in_the_form(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/promise bring gloves")
    assert await town.fill("chi", by="2026-11-06", shown=("named",)) == (
        "You promised this, by Fri 6 November:\n> bring gloves\n"
        f"It stands in /promise list. I will remind you once, in private: Thu 5 November.\n{WAYS}"
    )
    assert kept(town) == [("bring gloves", "07 Nov 00:00", True, False)]


@sqlite
async def test_what_cannot_be_promised_gets_a_sentence_beside_its_field(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/promise")
    answers: dict[str, str | tuple[str, ...]] = {
        "what": "y" * 301,
        "by": "2026-10-01",
        "owner": ("eli",),
        "co_owner": ("dee",),
    }
    assert await town.send_past_the_form("chi", **answers) == Problems(
        {
            "what": "That is 301 characters; 300 fit here. Please shorten it.",
            "by": "That day is over. Choose today or a later day.",
            "owner": "Please choose a member of this movement.",
        }
    )
    assert await town.send_past_the_form(
        "chi", **{**answers, "what": "", "by": "", "owner": (), "co_owner": ("chi",)}
    ) == (
        Problems(
            {
                "what": "Please fill this in.",
                "by": "Please fill this in.",
                "co-owner": "This must be somebody else than the one who does it.",
            }
        )
    )
    assert kept(town) == []


@sqlite
@where_moments_are_typed
async def test_a_day_that_is_not_understood_gets_an_example(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/promise bring gloves")
    assert await town.fill("chi", by="soonish") == (
        "by: I do not understand the day 'soonish'; write it like 'friday', '3 december' or '2026-12-03'."
    )
    assert kept(town) == []


@in_the_room
@sqlite
async def test_a_command_that_is_delivered_again_makes_no_second_promise(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/promise bring gloves by friday")
    await town.redeliver()
    assert len(kept(town)) == 1
    assert town.acts("promise_made") == [("chi", "promise_made")]


@sqlite
async def test_words_that_look_like_a_ping_stay_words(town: Town) -> None:
    await town.start_movement()
    said = await town.command("chi", "/promise ask @everyone and *Ben* by friday")
    assert "> ask @everyone and *Ben*\n" in said


@in_the_room
@sqlite
async def test_nothing_is_recorded_of_somebody_who_asked_to_be_left_out(town: Town) -> None:
    await town.start_movement()
    town.set_member("chi", opted_out=True)
    await town.command("chi", "/promise bring gloves by tomorrow")
    await town.press("chi", "Done")
    assert town.acts("promise_made", "promise_kept", "action_done") == []


# ------------------------------------------------------------------------------------------------ somebody else


async def put_down(town: Town, **more: str | tuple[str, ...]) -> str:
    """Ana puts Dee down for the flyer."""
    if not town.channel():
        await town.start_movement()
    await town.command("ana", "/promise Print the flyer")
    return await town.fill("ana", by="2026-11-06", owner=("dee",), **more)


async def test_somebody_who_is_put_down_is_asked_and_has_promised_nothing_before_they_say_yes(town: Town) -> None:
    assert await put_down(town) == (
        "I am asking Dee in private whether they will do this, by Fri 6 November:\n> Print the flyer\n"
        "Until they say yes nobody has promised it. I will tell you what they say."
    )
    assert town.inbox("dee") == [ASKED_DEE]
    assert kept(town) == [("Print the flyer", "07 Nov 00:00", False, True)]
    assert town.acts("promise_made") == []
    assert "Asked for, not answered yet\n“Print the flyer” by Fri 6 November (Dee)" in (
        await town.command("ana", "/promise list")
    )
    assert "No promise is open right now." in await town.command("ben", "/promise all")
    await town.restart()
    assert await town.press("dee", "I'll do it") == (
        "You promised this, by Fri 6 November:\n> Print the flyer\n"
        f"It stands in /promise list. I will remind you once, in private: Thu 5 November.\n{WAYS}"
    )
    assert town.inbox("dee") == ["You said yes to this.\n> Print the flyer"]
    assert town.inbox("ana") == ["Dee will do this (by Fri 6 November):\n> Print the flyer"]
    assert town.acts("promise_made") == [("dee", "promise_made")]
    assert "Fri 6 November: “Print the flyer” (Dee)" in await town.command("ben", "/promise all")


@sqlite
async def test_a_no_is_told_to_the_one_who_asked_and_to_nobody_else(town: Town) -> None:
    await put_down(town)
    before = town.channel()
    assert await town.press("dee", "I can't") == "That is fine. I tell Ana, and nobody else."
    assert town.inbox("ana") == [
        "Dee can't do this now, so nobody has promised it (by Fri 6 November):\n> Print the flyer"
    ]
    assert town.inbox("dee") == ["You said that you can't. That is fine.\n> Print the flyer"]
    assert (town.channel(), town.inbox("ben"), town.inbox("chi")) == (before, [], [])
    await town.wait(days=9)
    assert len(letters(town, "dee")) == 1
    assert town.acts("promise_made") == []


@in_the_room
@sqlite
@pytest.mark.parametrize("verb", ["yes", "no"])
async def test_only_who_is_asked_can_answer_and_only_once(town: Town, verb: str) -> None:
    await put_down(town)
    press = Action("promise", verb, "1", 1)
    assert await town.press_kept("chi", press) == "Nobody asks you for this any more."
    await town.press_kept("dee", press)
    again = await town.press_kept("dee", press)
    assert again == (
        f"By Fri 6 November:\n> Print the flyer\n{WAYS}" if verb == "yes" else "Nobody asks you for this any more."
    )
    assert len(town.inbox("ana")) == 1
    assert len(town.acts("promise_made")) == (verb == "yes")


@in_the_room
@sqlite
async def test_who_was_asked_and_never_answered_is_left_in_peace_after_the_day(town: Town) -> None:
    await put_down(town)
    await town.wait_until(at(8, 12))
    assert letters(town, "dee") == [
        "The day for this has passed, so nobody asks you for it any more.\n> Print the flyer"
    ]
    assert letters(town, "ana") == [LAPSED]


@in_the_room
@sqlite
async def test_a_yes_after_the_day_promises_nothing(town: Town) -> None:
    await put_down(town)
    await town.wait_until(at(7, 8))
    assert await town.press("dee", "I'll do it") == (
        "The day for this has passed. If it still helps, promise it anew with /promise."
    )
    assert town.acts("promise_made") == []


@in_the_room
@sqlite
async def test_nobody_is_asked_in_their_quiet_hours_or_while_away(town: Town) -> None:
    await town.start_movement()
    await town.command("dee", "/away until thursday")
    await town.wait_until(at(1, 23))
    await put_down(town)
    await town.command("ana", "/promise Bring gloves")
    await town.fill("ana", by="2026-11-06", owner=("chi",))
    await town.wait_until(at(2, 6, 59))
    assert (town.inbox("chi"), town.inbox("dee")) == ([], [])
    await town.wait_until(at(2, 7))
    assert len(town.inbox("chi")) == 1
    await town.wait_until(at(5, 6, 59))
    assert town.inbox("dee") == []
    await town.wait_until(at(5, 7, 1))
    assert ASKED_DEE in town.inbox("dee")


@sqlite
async def test_who_does_it_together_is_asked_once_the_owner_has_said_yes(town: Town) -> None:
    await put_down(town, co_owner=("ben",))
    assert town.inbox("ben") == []
    await town.press("dee", "I'll do it")
    assert town.inbox("ben") == [ASKED_BEN]
    await town.press("ben", "I'll do it")
    assert town.inbox("dee")[-1] == "Ben will do this with you (by Fri 6 November):\n> Print the flyer"
    assert town.acts("promise_made") == [("dee", "promise_made"), ("ben", "promise_made")]
    assert "Fri 6 November: “Print the flyer” (Dee and Ben)" in await town.command("chi", "/promise all")


@in_the_room
@sqlite
async def test_who_offers_to_do_it_with_somebody_has_promised_nothing_before_they_say_yes(town: Town) -> None:
    await put_down(town, co_owner=("ana",))
    assert await town.press_kept("ana", Action("promise", "done", "1", 1)) == "This is somebody else's promise."
    await town.press("dee", "I'll do it")
    assert town.inbox("ana") == ["Dee will do this (by Fri 6 November):\n> Print the flyer"]
    assert town.acts("promise_made") == [("dee", "promise_made"), ("ana", "promise_made")]
    await town.press_kept("ana", Action("promise", "done", "1", 1))
    assert town.acts("promise_kept") == [("dee", "promise_kept"), ("ana", "promise_kept")]


@in_the_room
@sqlite
async def test_who_cannot_do_it_together_leaves_it_with_the_owner(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/promise Bring gloves")
    assert "I am asking Ben in private whether they do it with you." in await town.fill(
        "chi", by="2026-11-06", co_owner=("ben",)
    )
    await town.press("ben", "I can't")
    assert town.inbox("chi") == ["Ben can't do this with you now; it stays yours (by Fri 6 November):\n> Bring gloves"]
    assert "Fri 6 November: “Bring gloves” (Chi)" in await town.command("dee", "/promise all")


@in_the_room
@sqlite
async def test_a_number_that_is_of_nobody_or_of_another_movement_is_not_there(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/promise bring gloves by friday")
    town.room.add_channel("garden", "garden", creator="ben")
    await town.start_movement(who="ben", channel="garden", name="Garden")
    for number in ("1", "99", "x", "", "9" * 30):
        for verb in ("yes", "no", "done", "more", "let-go", "help", "help-aloud", "hand", "undo", "take", "show"):
            kept_press = Action("promise", verb, number, 2)
            assert await town.press_kept("ben", kept_press, channel="garden") == "This promise is not there any more."
    assert await town.press_kept("eli", Action("promise", "done", "1", 1), channel=RIVER) != ""


async def test_a_bot_cannot_be_put_down(town: Town) -> None:
    await town.start_movement()
    await town.bring(Person("beep", "Beep", bot=True))
    await town.command("chi", "/promise bring gloves")
    answers: dict[str, str | tuple[str, ...]] = {"what": "Bring gloves", "by": "2026-11-06", "owner": ("beep",)}
    assert await town.send_past_the_form("chi", **answers) == (
        Problems({"owner": "Please choose a member of this movement."})
    )
