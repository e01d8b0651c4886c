"""Promises among others: asking for a hand, somebody who leaves, and what everybody may see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat import Action
from tests.town import BERLIN, RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Where the platforms add nothing to what is looked at.
in_the_room = pytest.mark.parametrize("platform", ["playground"])

WAYS = "[Done] [Need more time] [Let it go] [Need help]"
WANTED = "Chi could use a hand with this, by Fri 6 November:\n> bring gloves\n[I can help]"
HEARD = "I have asked the channel. Whoever can help is put in touch with you."


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November on Berlin's clocks."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def letters(town: Town, who: str) -> list[str]:
    """Somebody's private messages, but for the check-in's."""
    return [text for text in town.inbox(who) if not text.startswith("The check-in of")]


async def promise(town: Town, *, who: str = "chi", what: str = "bring gloves", **more: str | tuple[str, ...]) -> None:
    """Let somebody promise something by Friday."""
    if not town.channel():
        await town.start_movement()
    await town.command(who, f"/promise {what}")
    await town.fill(who, by="2026-11-06", **more)


# ------------------------------------------------------------------------------------------------ help


async def test_asking_for_help_puts_one_post_into_the_channel_and_blames_nobody(town: Town) -> None:
    await promise(town)
    before = town.channel()
    assert await town.press("chi", "Need help") == HEARD
    assert town.channel() == [*before, WANTED]
    await town.restart()
    assert await town.press("dee", "I can help") == (
        "Thank you. I have told Chi; write to them, too. It is due by Fri 6 November.\n> bring gloves"
    )
    assert town.channel() == [*before, "Chi has a hand with this. Thank you.\n> bring gloves"]
    assert letters(town, "chi") == ["Dee will help you with this. Write to them.\n> bring gloves"]
    assert f"“bring gloves” by Fri 6 November, with Chi\n{WAYS}" in await town.command("dee", "/promise list")
    await town.press("dee", "Done")
    assert town.acts("promise_kept") == [("chi", "promise_kept"), ("dee", "promise_kept")]
    assert town.channel() == [*before, "Chi had a hand with this, and it is done.\n> bring gloves"]


@in_the_room
@sqlite
async def test_asking_for_help_twice_posts_once(town: Town) -> None:
    await promise(town)
    await town.press("chi", "Need help")
    await town.redeliver()
    await town.press_kept("chi", Action("promise", "help", "1", 1))
    assert [text for text in town.channel() if "could use a hand" in text] == [WANTED]


@sqlite
async def test_a_promise_that_few_may_see_is_shown_only_after_a_second_tap(town: Town) -> None:
    await promise(town, shown=("named",))
    before = town.channel()
    assert await town.press("chi", "Need help") == (
        "Only you and those named can see this promise. Asking for help shows it to the whole channel.\n"
        "> bring gloves\n[Ask the channel]"
    )
    assert town.channel() == before
    assert await town.press("chi", "Ask the channel") == HEARD
    assert town.channel() == [*before, WANTED]


@in_the_room
@sqlite
async def test_who_promised_it_or_offers_twice_is_told_so_and_later_helpers_are_put_in_touch(town: Town) -> None:
    await promise(town)
    await town.press("chi", "Need help")
    hand = Action("promise", "hand", "1", 1)
    assert await town.press_kept("chi", hand) == "You have promised this yourself already."
    await town.press_kept("dee", hand)
    assert await town.press_kept("dee", hand) == "You have promised this yourself already."
    assert (await town.press_kept("ben", hand)).startswith("Thank you. I have told Chi and Dee; write to them, too.")
    assert letters(town, "chi") == [
        "Dee will help you with this. Write to them.\n> bring gloves",
        "Ben will help you with this. Write to them.\n> bring gloves",
    ]
    assert "(Chi and Dee)" in await town.command("ana", "/promise all")
    assert town.acts("promise_made") == [("chi", "promise_made"), ("dee", "promise_made")]


@in_the_room
@sqlite
@pytest.mark.parametrize(
    ("label", "post"),
    [
        ("Done", "Chi had a hand with this, and it is done.\n> bring gloves"),
        ("Let it go", "Chi needs no hand with this any more.\n> bring gloves"),
    ],
)
async def test_what_needs_no_hand_any_more_says_so(town: Town, label: str, post: str) -> None:
    await promise(town)
    await town.press("chi", "Need help")
    await town.press("chi", label, on=None)
    assert town.channel()[-1] == post
    assert await town.press_kept("dee", Action("promise", "hand", "1", 1)) == (
        "This needs no hand any more. Thank you for offering."
    )


@in_the_room
@sqlite
async def test_who_asked_for_a_hand_is_reminded_as_before_and_the_helper_is_too_where_there_is_time(town: Town) -> None:
    await town.start_movement()
    await town.wait_until(at(4, 12))
    await promise(town)
    await promise(town, what="call the office")
    await town.press_kept("chi", Action("promise", "help", "1", 1))
    await town.press_kept("chi", Action("promise", "help", "2", 1))
    await town.press_kept("dee", Action("promise", "hand", "1", 1))
    await town.wait_until(at(6, 8))
    await town.press_kept("ben", Action("promise", "hand", "2", 1))
    await town.wait_until(at(6, 9))
    assert [text.splitlines()[:2] for text in letters(town, "chi") if "you promised this" in text] == [
        ["Clean River: you promised this, together with Dee, by Fri 6 November.", "> bring gloves"],
        ["Clean River: you promised this, together with Ben, by Fri 6 November.", "> call the office"],
    ]
    assert ["together with Chi" in text for text in letters(town, "dee")] == [True]
    assert letters(town, "ben") == []


# ------------------------------------------------------------------------------------------------ leaving


@sqlite
async def test_what_two_promised_is_offered_to_the_other_when_its_owner_leaves(town: Town) -> None:
    await promise(town, co_owner=("dee",))
    await town.press("dee", "I'll do it")
    await town.room.leave("chi", RIVER)
    await town.wait_until(at(2, 10))
    assert letters(town, "dee")[-1] == (
        "Clean River: Chi has left, so this is free to take, by Fri 6 November.\n> bring gloves\n[I'll take it]"
    )
    assert (letters(town, "ana"), letters(town, "ben")) == ([], [])
    assert await town.press("dee", "I'll take it") == (
        "You promised this, by Fri 6 November:\n> bring gloves\n"
        f"It stands in /promise list. I will remind you once, in private: Thu 5 November.\n{WAYS}"
    )
    assert letters(town, "dee")[-1] == "You have taken this up.\n> bring gloves"
    assert "Fri 6 November: “bring gloves” (Dee)" in await town.command("ben", "/promise all")
    await town.press("dee", "Done")
    assert town.acts("promise_kept") == [("dee", "promise_kept")]


@in_the_room
@sqlite
async def test_when_nobody_does_it_with_them_organizers_hear_once_that_it_is_free(town: Town) -> None:
    await town.start_movement()
    town.set_member("ben", role="organizer")
    await promise(town)
    await town.room.leave("chi", RIVER)
    await town.wait_until(at(4, 12))
    free = "Clean River: Chi has left, so this is free to take, by Fri 6 November.\n> bring gloves\n[I'll take it]"
    assert (letters(town, "ana"), letters(town, "ben"), letters(town, "dee")) == ([free], [free], [])
    assert await town.press_kept("dee", Action("promise", "take", "1", 1)) == (
        "Only those who were asked can take this up. A promise of your own you make with /promise."
    )
    await town.press("ben", "I'll take it")
    assert (letters(town, "ana"), letters(town, "ben")) == (
        ["Ben has taken this up.\n> bring gloves"],
        ["You have taken this up.\n> bring gloves"],
    )
    assert await town.press_kept("ana", Action("promise", "take", "1", 1)) == "Ben has this already. Thank you."


@in_the_room
@sqlite
async def test_a_promise_of_somebody_who_stays_cannot_be_taken(town: Town) -> None:
    await promise(town)
    assert await town.press_kept("ana", Action("promise", "take", "1", 1)) == "Chi has this already. Thank you."


@in_the_room
@sqlite
async def test_who_asked_hears_when_the_one_they_asked_has_left(town: Town) -> None:
    await promise(town, who="ana", owner=("dee",))
    await town.room.leave("dee", RIVER)
    await town.wait_until(at(2, 10))
    assert letters(town, "ana") == [
        "Dee can't do this now, so nobody has promised it (by Fri 6 November):\n> bring gloves"
    ]


@in_the_room
@sqlite
async def test_who_did_it_with_the_owner_and_left_is_not_named_any_more(town: Town) -> None:
    await promise(town, co_owner=("dee",))
    await town.press("dee", "I'll do it")
    await town.room.leave("dee", RIVER)
    await town.wait_until(at(2, 10))
    assert f"“bring gloves” by Fri 6 November\n{WAYS}" in await town.command("chi", "/promise list")


# ------------------------------------------------------------------------------------------------ lists


async def test_ones_own_list_has_everything_and_everybodys_only_what_is_open_and_public(town: Town) -> None:
    await town.start_movement()
    assert await town.command("chi", "/promise list") == "You have no open promise. Make one with /promise."
    await promise(town)
    await promise(town, what="write to Dee", shown=("named",))
    await promise(town, who="ana", what="print the flyer", owner=("chi",))
    assert await town.command("chi", "/promise list") == (
        "Ana asks you: “print the flyer” by Fri 6 November\n[I'll do it] [I can't]\n"
        f"“bring gloves” by Fri 6 November\n{WAYS}\n“write to Dee” by Fri 6 November\n{WAYS}"
    )
    assert await town.command("ben", "/promise all") == (
        "What was promised in Clean River\nFri 6 November: “bring gloves” (Chi)\n"
        "How promises go here is told when five of them have come due in 90 days."
    )
    assert await town.command("ben", "/promise list") == "You have no open promise. Make one with /promise."


@sqlite
async def test_a_long_list_offers_the_later_ones_in_a_menu(town: Town) -> None:
    await town.start_movement()
    for number in range(1, 7):
        await town.command("chi", f"/promise thing {number} by {number + 1} november")
    listed = await town.command("chi", "/promise list")
    assert listed.count(WAYS) == 4
    assert listed.endswith("Open another promise {Fri 6 November: thing 5, Sat 7 November: thing 6}")
    assert await town.press("chi", "Open another promise", choice="6") == (f"By Sat 7 November:\n> thing 6\n{WAYS}")
    await town.press("chi", "Done")
    assert "thing 6" in (await town.command("chi", "/promise list")).split("Done lately")[1]


@sqlite
async def test_the_longest_words_and_names_fit_everywhere(town: Town) -> None:
    await town.start_movement()
    for who in ("ana", "chi", "dee"):
        town.set_member(who, name="*" * 80)
    for number in range(8):
        await town.command("chi", f"/promise {number}{'_' * 299} by friday")
        await promise(town, who="ana", what="~" * 300, owner=("chi",), co_owner=("dee",))
        await promise(town, who="chi", what="|" * 300, owner=("ana",), co_owner=("dee",))
    for line in ("/promise list", "/promise all"):
        for who in ("ana", "chi", "dee"):
            said = await town.command(who, line)
            assert "Sorry" not in said
            assert said
    assert await town.look("chi") != ""
    await town.press("chi", "Done")
    assert "Sorry" not in town.all_words()


@sqlite
async def test_ones_own_page_shows_what_one_promised_next(town: Town) -> None:
    await promise(town)
    await town.command("chi", "/promise call Dee by tomorrow")
    page = (await town.look("chi")).splitlines()
    assert page[:3] == ["Clean River", "You promised: “call Dee” by Mon 2 November", WAYS]
    assert "Your other promises: 1, in /promise list." in page
    await town.press("chi", "Done")
    await town.command("chi", "/away until friday")
    assert (await town.look("chi")).splitlines()[1] == "You owe nothing right now."
