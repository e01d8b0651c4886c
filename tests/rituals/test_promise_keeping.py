"""What becomes of a promise: one reminder, done, more time, let go, taken back; and one gentle line afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat import Action, Person, Problems
from bot.tables import Promise, Renegotiation
from rituals.promise.times import reminder_at
from tests.town import BERLIN, RIVER, Town, where_moments_are_typed, where_zones_are_known

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Where the platforms add nothing to what is looked at.
in_the_room = pytest.mark.parametrize("platform", ["playground"])

WAYS = "[Done] [Need more time] [Let it go] [Need help]"
REMINDER = f"Clean River: you promised this, by Fri 6 November.\n> bring gloves\n{WAYS} [Don't remind me again]"
OVERDUE = (
    "Clean River: the day of this promise has passed (Fri 6 November).\n> bring gloves\n"
    "Is it done, does it need more time, or shall it go? All three are fine, and only you see this.\n"
    f"{WAYS}"
)
NOT_OPEN = "This promise is not open any more, so there is nothing to move."


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November on Berlin's clocks."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def letters(town: Town, who: str = "chi") -> list[str]:
    """Somebody's private messages, but for the check-in's, and that they rose on the ladder."""
    others = ("The check-in of", "Welcome back", "Clean River: You did your part.")
    return [text for text in town.inbox(who) if not text.startswith(others)]


def kept(town: Town) -> list[tuple[str, str]]:
    """What the ledger has of promises that were carried out."""
    return town.acts("promise_kept", "action_done")


async def promise(town: Town, day: str = "friday", *, who: str = "chi", what: str = "bring gloves") -> None:
    """Let somebody promise something."""
    if not town.channel():
        await town.start_movement()
    await town.command(who, f"/promise {what} by {day}")


async def promise_together(town: Town) -> None:
    """Let Chi and Ben promise something together."""
    await town.start_movement()
    await town.command("chi", "/promise bring gloves")
    await town.fill("chi", by="2026-11-06", co_owner=("ben",))
    await town.press("ben", "I'll do it")


# ------------------------------------------------------------------------------------------------ reminding


@pytest.mark.parametrize(
    ("since", "due", "reminded"),
    [
        ((1, 12), (7, 0), (5, 9)),  # by Friday, said on Sunday: Thursday morning
        ((4, 9), (7, 0), (5, 9)),
        ((4, 10), (7, 0), (6, 9)),  # less than a day before that: Friday morning
        ((5, 21), (7, 0), (6, 9)),
        ((5, 22), (7, 0), None),  # late on the evening before: no need
        ((6, 8), (7, 0), None),
        ((1, 12), (6, 18), (5, 9)),  # a time of day
        ((1, 12), (6, 9), (5, 9)),
        ((4, 12), (6, 8), None),  # the morning of the day comes too late, the one before too soon
        ((8, 0), (7, 0), None),
    ],
)
def test_the_reminder_comes_on_a_morning_and_not_right_after_the_promise(
    since: tuple[int, int], due: tuple[int, int], reminded: tuple[int, int] | None
) -> None:
    chosen = reminder_at(due=at(*due), since=at(*since), zone="Europe/Berlin")
    assert chosen == (at(*reminded) if reminded else None)


async def test_there_is_one_reminder_in_private_before_it_is_due(town: Town) -> None:
    await promise(town)
    await town.wait_until(at(5, 8, 59))
    assert letters(town) == []
    await town.restart()
    await town.wait_until(at(5, 9))
    assert letters(town) == [REMINDER]
    await town.wait_until(at(7, 23))
    assert letters(town) == [REMINDER]
    assert [letters(town, who) for who in ("ana", "ben", "dee")] == [[], [], []]


@sqlite
@where_zones_are_known
async def test_the_reminder_comes_in_the_morning_where_the_member_lives(town: Town) -> None:
    await town.start_movement()
    await town.bring(Person("lou", "Lou", "America/Los_Angeles"))
    await promise(town, who="lou")
    # Friday ends in Berlin at 15:00 in Los Angeles; 9 in the morning there is 18:00 in Berlin.
    await town.wait_until(at(5, 17, 59))
    assert letters(town, "lou") == []
    await town.wait_until(at(5, 18))
    assert letters(town, "lou") == [REMINDER]


@in_the_room
@sqlite
@pytest.mark.parametrize("change", ["done", "let go", "switched off", "left", "opted out", "moved"])
async def test_who_owes_nothing_any_more_is_not_reminded(town: Town, change: str) -> None:
    await promise(town)
    match change:
        case "done":
            await town.press("chi", "Done")
        case "let go":
            await town.press("chi", "Let it go")
        case "switched off":
            await town.command("chi", "/remind off")
        case "left":
            await town.room.leave("chi", RIVER)
        case "opted out":
            town.set_member("chi", opted_out=True)
        case _:
            await town.press("chi", "Need more time")
            await town.fill("chi", by="2026-11-20")
    await town.wait_until(at(8, 12))
    assert letters(town) == []


@in_the_room
@sqlite
async def test_who_is_away_is_not_reminded_before_they_are_back(town: Town) -> None:
    await promise(town)
    await promise(town, "tuesday", what="call Dee")
    await town.command("chi", "/away until friday")
    await town.wait_until(at(6, 6, 59))
    assert letters(town) == []
    await town.wait_until(at(6, 7, 30))
    # What fell due meanwhile is asked about, and of what is due still they are reminded.
    assert sorted(letters(town)) == sorted(
        [REMINDER, OVERDUE.replace("bring gloves", "call Dee").replace("Fri 6", "Tue 3")]
    )


@in_the_room
@sqlite
@pytest.mark.parametrize("back", ["", "2026-11-20"])
async def test_who_is_back_earlier_than_anybody_knew_is_reminded_the_next_morning(town: Town, back: str) -> None:
    await promise(town)
    await town.command("chi", "/away")
    await town.fill("chi", back=back)
    await town.wait_until(at(5, 20))
    await town.press("chi", "I'm back")
    await town.wait_until(at(6, 8, 59))
    assert letters(town) == []
    await town.wait_until(at(6, 9))
    assert letters(town) == [REMINDER]


@in_the_room
@sqlite
async def test_a_reminder_waits_for_the_end_of_longer_quiet_hours(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    await town.fill("ana", quiet="20:00 to 11:00")
    await promise(town)
    await town.wait_until(at(5, 10, 59))
    assert letters(town) == []
    await town.press_kept("chi", Action("promise", "more", "1", 1))
    await town.wait_until(at(5, 11))
    assert letters(town) == [REMINDER]


@sqlite
async def test_reminders_can_be_switched_off_from_the_reminder(town: Town) -> None:
    await promise(town)
    await promise(town, "monday", what="call Dee")
    await town.wait_until(at(5, 9))
    await town.press("chi", "Don't remind me again")
    assert town.whisper("chi") == (
        "I won't remind you any more, neither of promises nor of check-ins. /remind switches reminders on again; "
        "/promise list shows what you promised."
    )
    before = letters(town)
    await town.wait(days=7)
    assert letters(town) == before


@sqlite
async def test_after_the_day_its_owner_alone_gets_one_gentle_line(town: Town) -> None:
    await promise(town)
    before = [text for text in town.channel() if not text.startswith("Check-in")]
    await town.wait_until(at(7, 23, 59))
    assert letters(town) == [REMINDER]
    await town.wait_until(at(8, 6, 59))
    assert letters(town) == [REMINDER]
    await town.wait(days=30)
    assert letters(town) == [
        "The day of this promise has passed. I have asked you again below.\n> bring gloves",
        OVERDUE,
    ]
    assert [text for text in town.channel() if not text.startswith("Check-in")] == before
    assert [letters(town, who) for who in ("ana", "ben", "dee")] == [[], [], []]
    assert "gloves" not in await town.command("ana", "/promise all")
    assert await town.press("chi", "Done") == (
        "Thank you. It is done, and that is what counts.\n> bring gloves\n[Not done after all]"
    )
    assert letters(town)[-1] == "This is done. Thank you.\n> bring gloves"


# ------------------------------------------------------------------------------------------------ done


async def test_done_is_thanked_for_and_stands_in_the_ledger_once(town: Town) -> None:
    await promise(town)
    await town.wait_until(at(5, 9))
    assert await town.press("chi", "Done") == ("Thank you. You were early.\n> bring gloves\n[Not done after all]")
    assert letters(town) == ["This is done. Thank you.\n> bring gloves"]
    assert await town.press_kept("chi", Action("promise", "done", "1", 1)) == (
        "Thank you. This is done already.\n> bring gloves\n[Not done after all]"
    )
    assert kept(town) == [("chi", "promise_kept")]
    assert "Done lately\n“bring gloves” Thu 5 November" in await town.command("chi", "/promise list")


@in_the_room
@sqlite
async def test_done_that_is_delivered_again_changes_nothing(town: Town) -> None:
    await promise(town)
    await town.press("chi", "Done")
    await town.redeliver()
    assert kept(town) == [("chi", "promise_kept")]


@in_the_room
@sqlite
async def test_done_by_two_is_kept_by_two(town: Town) -> None:
    await promise_together(town)
    await town.wait_until(at(5, 9))
    assert letters(town)[-1].startswith("Clean River: you promised this, together with Ben, by Fri 6 November.")
    assert await town.press("ben", "Done") == "Thank you. You were early.\n> bring gloves\n[Not done after all]"
    assert kept(town) == [("chi", "promise_kept"), ("ben", "promise_kept")]
    assert (letters(town)[-1], letters(town, "ben")[-1]) == ("This is done. Thank you.\n> bring gloves",) * 2


@in_the_room
@sqlite
async def test_a_little_late_is_in_time_and_later_counts_as_something_done_once_a_day(town: Town) -> None:
    await promise(town, "monday")
    await promise(town, "monday", what="call Dee")
    await promise(town, "tuesday", what="write notes")
    await town.wait_until(at(3, 23, 30))
    assert await town.press_kept("chi", Action("promise", "done", "1", 1)) == (
        "Thank you. You kept your promise.\n> bring gloves\n[Not done after all]"
    )
    assert kept(town) == [("chi", "promise_kept")]
    await town.wait_until(at(5, 12))
    await town.press_kept("chi", Action("promise", "done", "2", 1))
    await town.press_kept("chi", Action("promise", "done", "3", 1))
    assert kept(town) == [("chi", "promise_kept"), ("chi", "action_done")]


@in_the_room
@sqlite
async def test_not_done_after_all_opens_it_again_and_takes_it_out_of_the_ledger(town: Town) -> None:
    await promise(town)
    await town.press("chi", "Done")
    assert await town.press("chi", "Not done after all") == (
        f"It is open again, by Fri 6 November.\n> bring gloves\n{WAYS}"
    )
    assert kept(town) == []
    await town.wait_until(at(5, 9))
    assert letters(town) == [REMINDER]
    await town.press("chi", "Done")
    assert kept(town) == [("chi", "promise_kept")]
    await town.wait(days=8)
    assert await town.press_kept("chi", Action("promise", "undo", "1", 1)) == (
        "This was more than a week ago, so it stays as it is. Make a new promise with /promise."
    )
    assert kept(town) == [("chi", "promise_kept")]


@in_the_room
@sqlite
async def test_nobody_else_can_do_anything_about_a_promise(town: Town) -> None:
    await promise(town)
    before = town.rows(Promise)
    for verb in ("done", "more", "let-go", "help", "help-aloud", "undo", "show"):
        assert await town.press_kept("ana", Action("promise", verb, "1", 1)) == "This is somebody else's promise."
    assert await town.submit("ana", Action("promise", "more", "1", 1), {"by": "2026-12-01"}, place=town.place()) == (
        Problems({"": NOT_OPEN})
    )
    assert (town.rows(Promise), kept(town)) == (before, [])


# ------------------------------------------------------------------------------------------------ more time


async def test_more_time_in_good_time_is_renegotiated_and_brings_one_more_reminder(town: Town) -> None:
    await promise(town)
    await town.wait_until(at(5, 9))
    await town.press("chi", "Need more time")
    form = town.form("chi").form
    assert [(field.name, getattr(field, "value", "")) for field in form.fields] == [("by", "2026-11-13")]
    assert await town.fill("chi", by="2026-11-11") == (
        "Moved. It is due by Wed 11 November now. I will remind you once more: Tue 10 November.\n"
        f"> bring gloves\n{WAYS}"
    )
    assert letters(town) == ["This has a new day now.\n> bring gloves"]
    assert [(row["was_due_at"], row["due_at"]) for row in town.rows(Renegotiation)] == [(at(7, 0), at(12, 0))]
    await town.wait_until(at(10, 9))
    assert letters(town)[-1] == REMINDER.replace("Fri 6", "Wed 11")
    assert await town.press("chi", "Done") == "Thank you. You kept your promise.\n> bring gloves\n[Not done after all]"
    assert kept(town) == [("chi", "promise_kept")]


@in_the_room
@sqlite
async def test_more_time_asked_for_too_late_does_not_count_as_kept_in_time(town: Town) -> None:
    await promise(town)
    await town.wait_until(at(9, 12))
    await town.press("chi", "Need more time")
    await town.fill("chi", by="2026-11-20")
    assert letters(town)[-1] == "This has a new day now.\n> bring gloves"
    await town.wait_until(at(12, 12))
    assert (await town.press("chi", "Done")).startswith("Thank you. It is done, and that is what counts.")
    assert kept(town) == [("chi", "action_done")]


@in_the_room
@sqlite
async def test_a_new_day_comes_after_the_old_one(town: Town) -> None:
    await promise(town)
    await town.press("chi", "Need more time")
    assert await town.fill("chi", by="2026-11-06") == "by: Choose a day after Fri 6 November."
    assert await town.fill("chi", by="2026-10-01") == "by: That day is over. Choose today or a later day."
    assert await town.fill("chi", by="2028-10-01") == "by: That is more than a year ahead. Choose a nearer day."
    assert town.rows(Renegotiation) == []


@sqlite
@where_moments_are_typed
async def test_a_new_day_may_be_said_in_words(town: Town) -> None:
    await promise(town)
    await town.press("chi", "Need more time")
    assert await town.fill("chi", by="when I can") == (
        "by: I do not understand the day 'when I can'; write it like 'friday', '3 december' or '2026-12-03'."
    )
    assert (await town.fill("chi", by="in 2 weeks")).startswith("Moved. It is due by Sun 15 November now.")


@in_the_room
@sqlite
async def test_a_form_for_more_time_that_comes_too_late_says_so(town: Town) -> None:
    await promise(town)
    await town.press("chi", "Need more time")
    await town.press("chi", "Done")
    assert await town.fill("chi", by="2026-11-20") == NOT_OPEN


@in_the_room
@sqlite
async def test_who_is_in_it_is_told_the_new_day(town: Town) -> None:
    await promise_together(town)
    await town.press("ben", "Need more time")
    await town.fill("ben", by="2026-11-20")
    assert letters(town)[-1] == "Ben moved this; it is due by Fri 20 November now.\n> bring gloves"


# ------------------------------------------------------------------------------------------------ let it go


async def test_letting_go_asks_no_question_and_tells_nobody(town: Town) -> None:
    await promise(town)
    before = town.channel()
    assert await town.press("chi", "Let it go") == (
        "Let go. That is a fair answer, too.\n> bring gloves\n[Take it up again]"
    )
    assert town.channel() == before
    assert [letters(town, who) for who in ("ana", "ben", "chi", "dee")] == [[], [], [], []]
    assert await town.press("chi", "Take it up again") == (
        f"It is open again, by Fri 6 November.\n> bring gloves\n{WAYS}"
    )
    assert kept(town) == []


@in_the_room
@sqlite
async def test_only_who_asked_for_it_hears_that_it_was_let_go(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/promise bring gloves")
    await town.fill("ana", by="2026-11-06", owner=("dee",))
    await town.press("dee", "I'll do it")
    await town.press("dee", "Let it go")
    assert letters(town, "ana")[-1] == "Dee let go of this, so nobody carries it now:\n> bring gloves"
    assert [letters(town, who) for who in ("ben", "chi")] == [[], []]


@in_the_room
@sqlite
@pytest.mark.parametrize(("goes", "stays", "name"), [("chi", "ben", "Chi"), ("ben", "chi", "Ben")])
async def test_what_two_promised_is_carried_on_by_the_other(town: Town, goes: str, stays: str, name: str) -> None:
    await promise_together(town)
    await town.press(goes, "Let it go")
    assert letters(town, stays)[-1] == (
        f"{name} let go of this; it is yours alone now, by Fri 6 November.\n> bring gloves\n{WAYS}"
    )
    await town.wait_until(at(5, 9))
    assert letters(town, stays)[-1] == REMINDER
    assert all(not text.endswith("[Don't remind me again]") for text in letters(town, goes))
    await town.press(stays, "Done")
    assert kept(town) == [(stays, "promise_kept")]


@in_the_room
@sqlite
async def test_follow_through_of_two_weeks_is_told_to_oneself_and_to_all_only_from_five_on(town: Town) -> None:
    await town.start_movement()
    for number in range(1, 5):
        await promise(town, "tuesday", what=f"thing {number}")
        if number != 3:
            await town.press("chi", "Done")
    await town.wait(timedelta(days=4))
    assert "In the last 90 days you kept 3 of 4 in time. Only you see this." in await town.command(
        "chi", "/promise list"
    )
    assert "How promises go here is told when five of them have come due in 90 days." in await town.command(
        "ben", "/promise all"
    )
    await promise(town, "tomorrow", who="ben", what="thing 5")
    await town.press("ben", "Done")
    await town.wait(timedelta(days=3))
    assert "In the last 90 days, kept in time: 4 of 5 (more than half)." in await town.command("dee", "/promise all")
    assert "In the last 90 days you kept 1 of 1 in time." in await town.command("ben", "/promise list")
    town.set_member("chi", opted_out=True)
    assert "How promises go here is told when five" in await town.command("dee", "/promise all")
