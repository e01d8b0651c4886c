"""Announcing a gathering: in a line or in a form, asked back when in doubt, changed and cancelled without a fuss."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat import Action
from bot.tables import Gathering, Occurrence, Practice
from tests.gatherings import announce, card, letters, more
from tests.town import BERLIN, Town, where_moments_are_typed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

CARD = (
    "town hall\n"
    "Mon 2 November, 18:00 to 19:30 (Europe/Berlin)\nOn your own clock: Mon 2 November, 18:00\n"
    "Where: {where}\nHost: {host}\nIt asks for 90 minutes of your time.\n{counts}\n{buttons}"
)
ANSWERS = "[Going] [Maybe] [Can't] [More]"


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A time in November on Berlin's clocks."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def occurrences(town: Town) -> list[tuple[object, ...]]:
    """Every gathering's occurrence as (planned, state, why)."""
    named = {row["id"] for row in town.rows(Practice) if row["name"]}
    rows = [row for row in town.rows(Occurrence) if row["practice_id"] in named]
    return [(row["planned_at"], row["state"], row["why"]) for row in rows]


async def test_a_line_is_enough_and_everybody_sees_one_card(town: Town) -> None:
    await town.start_movement()
    before = len(town.channel())
    said = await town.command("chi", "/gather town hall tomorrow 18:00 90m at City Library max 20")
    assert said == (
        "Announced: town hall, Mon 2 November, 18:00 (90 minutes).\nYou host it.\n"
        "[Time and place] [Details] [Leave the host slot open]"
    )
    assert len(town.channel()) == before + 1
    assert card(town).text == CARD.format(
        where="City Library", host="Chi", counts="Going: 0 of 20 places.", buttons=ANSWERS
    )
    (row,) = town.rows(Gathering)
    kept = [row[name] for name in ("title", "kind", "purpose", "place_kind", "minutes", "capacity", "starts_at")]
    assert kept == ["town hall", "town hall", "organizing", "address", 90, 20, at(2, 18)]
    assert occurrences(town) == [(at(2, 18), "announced", "")]
    assert [row["name"] for row in town.rows(Practice)] == ["", "town hall"]
    assert town.inbox("ben") == town.inbox("dee") == []
    # The same at the same time is refused, with the form open on what was typed.
    again = await town.command("ben", "/gather Town Hall tomorrow 18:00")
    assert again.startswith("A gathering\nWhat is it?")
    refused = await town.fill("ben", when="tomorrow 18:00")
    assert refused == "when: There is a gathering of this name at that time already. Choose another name or time."
    await town.fill("ben", title="Town hall of the north")
    assert card(town, "Town hall of the north").text.startswith("Town hall of the north\n")


@sqlite
@pytest.mark.parametrize(
    ("line", "title", "hint"),
    [
        ("", "", "Such as 'tomorrow 18:00'."),
        ("town hall", "town hall", "When is it? Such as 'tomorrow 18:00'."),
        ("town hall tomorrow", "town hall", "'tomorrow' needs a time of day; write it like 'tomorrow 18:00'."),
        (
            "town hall 3/4 18:00",
            "town hall",
            "'3/4' may be 3 April or 4 March; write it with the month's name.",
        ),
        ("town hall friday at 7", "town hall", "'at 7' may be 7am or 7pm; write '7am' or '19:00'."),
        ("town hall today 9am", "town hall", "That time has passed. Choose one that is still ahead."),
        ("town hall 1 may 2030 18:00", "town hall", "That is more than a year ahead. Choose a nearer day."),
    ],
)
@in_the_room
async def test_what_is_not_clear_is_asked_back_with_the_rest_filled_in(
    town: Town, line: str, title: str, hint: str
) -> None:
    await town.start_movement()
    await town.command("chi", f"/gather {line} 2h in #Lounge")
    form = town.form("chi").form
    assert [field.name for field in form.fields] == ["title", "when", "length", "where", "again"]
    known = {field.name: field.value for field in form.fields}
    assert known == {
        "title": title or "",
        "when": "",
        "length": "120m",
        "where": "voice channel Lounge",
        "again": "",
    }
    (when,) = [field for field in form.fields if field.name == "when"]
    assert when.hint == (hint if line else "When is it? Such as 'tomorrow 18:00'.")
    assert town.rows(Gathering) == []


@where_moments_are_typed
async def test_the_form_takes_what_people_write_and_says_what_it_cannot_take(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/gather max 8")
    told = await town.fill("chi", title="Reading group", when="sat 3/4 6pm", length="a while", again="every blue moon")
    assert told == (
        "when: '3/4' may be 3 April or 4 March; write it with the month's name.\n"
        "length: Write how long it takes, such as '90m' or '2h'; a day at most."
    )
    told = await town.fill("chi", title="Reading group", when="sat 6pm", length="1h30", again="every monday")
    assert told == (
        "again: The first one, Sat 7 November, 18:00, is not on 'every monday 09:00'. Change one of the two."
    )
    await town.fill(
        "chi", title="Reading group", when="sat 6pm", length="1h30", where="https://meet.example.org/x", again=""
    )
    assert card(town, "Reading group").text == (
        "Reading group\n"
        "Sat 7 November, 18:00 to 19:30 (Europe/Berlin)\nOn your own clock: Sat 7 November, 18:00\n"
        "Where: the link to it\nHost: Chi\nIt asks for 90 minutes of your time.\nGoing: 0 of 8 places.\n"
        f"{ANSWERS}"
    )


@sqlite
@in_the_room
async def test_a_night_in_which_the_clocks_change_is_said(town: Town) -> None:
    await town.start_movement()
    told = await town.command("ana", "/gather vigil 28.3.2027 02:30")
    assert told.splitlines()[:2] == [
        "Announced: vigil, Sun 28 March 2027, 03:30 (1 hour).",
        (
            "The clocks go forward that night, so it begins at 03:30 by the new time. You host it. "
            "Where it is can be added with Time and place."
        ),
    ]
    told = await town.command("ana", "/gather vigil 31.10.2027 02:30")
    assert told.splitlines()[1].startswith("The clocks go back that night and show 02:30 twice; it is the first time.")
    (first, second) = town.rows(Gathering)
    assert (first["starts_at"], second["starts_at"]) == (
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    )


async def test_a_change_tells_those_who_may_come_and_only_them(town: Town) -> None:
    post = await announce(town, "chi")
    await town.press("ben", "Going", on=post)
    await town.press("dee", "Can't", on=post)
    refused = await more(town, "dee")
    assert "[Time and place]" not in refused
    assert "[Cancel it]" not in refused
    assert "\n[Time and place] [Details] [Cancel it]" in await more(town, "chi")
    await town.press("chi", "Time and place")
    told = await town.fill("chi", when="2026-11-03 19:00", length="60m", where="huddle", words="Bring one question.")
    assert told == "Saved: town hall, Tue 3 November, 19:00 (1 hour). 1 person was told in private."
    assert letters(town, "ben") == [
        (
            "Clean River: this has changed: town hall, Tue 3 November, 19:00 (1 hour). "
            "It was to be Mon 2 November, 18:00. "
            "Where: the huddle of this channel.\n[Can't make it after all]"
        )
    ]
    assert letters(town, "dee") == letters(town, "chi") == letters(town, "ana") == []
    assert card(town).text == (
        "town hall\n"
        "Tue 3 November, 19:00 to 20:00 (Europe/Berlin)\nOn your own clock: Tue 3 November, 19:00\n"
        "Where: the huddle of this channel\nHost: Chi\nIt asks for 1 hour of your time.\n"
        f"> Bring one question.\nGoing: 1.\n{ANSWERS}"
    )
    assert occurrences(town) == [(at(3, 19), "announced", "")]
    # What nobody has to know tells nobody.
    await more(town, "ana")
    await town.press("ana", "Details")
    told = await town.fill("ana", title="Assembly", purpose=("mobilizing",), co_host=("dee",))
    assert told == "Saved: Assembly, Tue 3 November, 19:00 (1 hour). Dee was told."
    assert letters(town, "dee") == [
        "Clean River: Ana put you down as co-host: Assembly, Tue 3 November, 19:00 (1 hour).\n[I can't]"
    ]
    assert len(letters(town, "ben")) == 1
    shown = card(town, "Assembly").text
    assert "Host: Chi, with Dee\nIt asks for 1 hour of your time. It is mobilizing: getting many to act." in shown
    (row,) = town.rows(Gathering)
    assert row["revision"] == 2


async def test_cancelling_tells_who_may_come_and_counts_as_excused_only_in_good_time(town: Town) -> None:
    post = await announce(town, "chi")
    await town.press("ben", "Maybe", on=post)
    await more(town, "chi")
    await town.press("chi", "Cancel it")
    told = await town.fill("chi", why="The hall is closed.")
    assert told == "Cancelled: town hall, Mon 2 November, 18:00. 1 person was told in private."
    assert letters(town, "ben") == ["Clean River: cancelled: town hall, Mon 2 November, 18:00.\n> The hall is closed."]
    assert card(town).text == ("town hall\nCancelled: it was to be Mon 2 November, 18:00. The hall is closed.")
    assert occurrences(town) == [(at(2, 18), "excused", "called off")]
    # Announced once more at the same time, it is a new one with a card of its own.
    await announce(town, "chi")
    assert card(town).text.endswith(ANSWERS)
    await town.wait_until(at(2, 17, 15))
    await more(town, "ana")
    await town.press("ana", "Cancel it")
    await town.fill("ana")
    assert [state for _, state, _ in occurrences(town)] == ["excused", "missed"]
    assert await town.press_kept("chi", Action("gathering", "change", "2", 1)) == (
        "This gathering has begun, is over or was cancelled, so its time and place stay as they were."
    )
    assert (await town.command("dee", "/gather list")).startswith("Clean River: no gathering is announced.")


@in_the_room
@sqlite
async def test_in_the_night_only_a_change_of_what_they_come_to_reaches_people_at_once(town: Town) -> None:
    await announce(town, "chi", "town hall tuesday 6:30 90m")
    await town.press("ben", "Going", on=card(town))
    await town.wait_until(at(2, 2))
    await more(town, "ana")
    await town.press("ana", "Time and place")
    await town.fill("ana", when="2026-11-03 8:00")
    assert [len(letters(town, who)) for who in ("ben", "chi")] == [1, 1]
    # To be put down as co-host can wait for the morning, though a person does it.
    await more(town, "ana")
    await town.press("ana", "Details")
    assert (await town.fill("ana", co_host=("dee",))).endswith("Dee was told.")
    await town.wait_until(at(2, 6, 59))
    assert letters(town, "dee") == []
    await town.wait_until(at(2, 7))
    assert letters(town, "dee") == [
        "Clean River: Ana put you down as co-host: town hall, Tue 3 November, 08:00 (90 minutes).\n[I can't]"
    ]
    await town.wait_until(at(2, 23))
    await more(town, "ana")
    await town.press("ana", "Cancel it")
    await town.fill("ana")
    assert [letters(town, who)[-1] for who in ("ben", "chi", "dee")] == [
        "Clean River: cancelled: town hall, Tue 3 November, 08:00."
    ] * 3


@sqlite
async def test_the_list_and_ones_own_page_show_what_comes_next(town: Town) -> None:
    post = await announce(town, "chi")
    await announce(town, "ana", "Picnic saturday 15:00 at the pier open slot")
    await town.press("dee", "Going", on=post)
    told = await town.command("dee", "/gather list")
    assert told == (
        "Clean River, what comes next:\n"
        "Mon 2 November, 18:00: town hall (going: 1). You are going.\n"
        "Sat 7 November, 15:00: Picnic (going: 0; no host yet).\n"
        "Open one {town hall, Mon 2 November, 18:00, Picnic, Sat 7 November, 15:00}\n[Announce one]"
    )
    opened = await town.press("dee", "Open one", choice="2")
    assert opened.splitlines()[0] == "Picnic, a meetup"
    assert "\n[Going] [Maybe] [Can't] [Host it]\n[For my calendar]" in opened
    on = "Mon 2 November, 18:00: town hall. You are going.\nSat 7 November, 15:00: Picnic.\n"
    assert on in await town.look("dee")
    kept = Action("gathering", "open", "", 1)
    assert await town.press_kept("dee", kept, choice="99") == "This gathering is not there any more."


@sqlite
async def test_whatever_people_call_it_and_wherever_it_is_it_can_be_shown(town: Town) -> None:
    await town.start_movement()
    for number in range(11):
        await town.command("chi", f"/gather friday 1{number % 10}:0{number // 10}")
        title = f"{number:02}" + "*" * 78
        place = "`_@everyone " * 24
        await town.fill("chi", title=title, where=place, again="every friday" if number == 0 else "", length="24h")
    listed = await town.command("dee", "/gather list")
    assert listed.splitlines()[-3] == "… and 4 more"
    opened = await town.press("dee", "Open one", choice="1")
    assert opened.splitlines()[0] == f"00{'*' * 78}, a meetup"
    assert (await town.press("dee", "Who hosts")).splitlines()[0] == f"Hosts of 00{'*' * 78}"
    await town.press("chi", "More", on=card(town, "00"))
    await town.press("chi", "Cancel it")
    await town.press("chi", "This one")
    await town.fill("chi", why="*" * 200)
    assert card(town, "00").text.endswith("*" * 100 + "…")
    assert "wrong on my side" not in town.all_words()


@sqlite
@in_the_room
async def test_a_change_that_makes_no_sense_is_refused_and_nothing_is_changed(town: Town) -> None:
    post = await announce(town, "chi")
    await announce(town, "ben", "circle tomorrow 18:00")
    for who in ("ana", "ben", "dee"):
        await town.press(who, "Going", on=post)
    for verb in ("change", "details", "cancel"):
        assert await town.press_kept("dee", Action("gathering", verb, "1", 1)) == (
            "Only its hosts, who announced it, and organizers can change it."
        )
        assert await town.press_kept("chi", Action("gathering", verb, "77", 1)) == (
            "This gathering is not there any more."
        )
    await more(town, "chi")
    await town.press("chi", "Time and place")
    assert await town.fill("chi", when="today 9am", length="2 days", places="many") == (
        "when: That time has passed. Choose one that is still ahead.\n"
        "length: Write how long it takes, such as '90m' or '2h'; a day at most.\n"
        "places: Write a number of people, such as 20, or leave it empty."
    )
    told = await town.fill("chi", when="tomorrow 18:00", length="90m", places="2")
    # What the wait-list makes of fewer places is told along.
    assert told.startswith(
        "Saved: town hall, Mon 2 November, 18:00 (90 minutes). Nobody had to be told. 3 people have a place already."
    )
    await more(town, "chi")
    await town.press("chi", "Details")
    assert await town.fill("chi", title="circle") == (
        "title: There is a gathering of this name at that time already. Choose another name or time."
    )
    # Whoever had the form open while it began changes nothing.
    await town.wait_until(at(2, 18, 1))
    assert await town.fill("chi", title="Assembly") == (
        "This gathering has begun, is over or was cancelled, so its details stay as they are."
    )
    assert await town.press_kept("chi", Action("gathering", "cancel", "1", 1)) == (
        "This gathering has begun, is over or was cancelled, so it can't be cancelled any more. If it did not happen, "
        "the roll call can say so."
    )
    assert [row["title"] for row in town.rows(Gathering)] == ["town hall", "circle"]
    assert not any("has changed" in text for who in ("ana", "ben", "dee") for text in letters(town, who))
    assert "[I'm here] [More]" in card(town).text
    assert "\n[Start] [The word] [Roll call]" in await more(town, "chi")
