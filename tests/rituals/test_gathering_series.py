"""Gatherings that come again: made ahead, shown one at a time, and changed for once, from then on, or all."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.tables import Gathering, Series
from tests.gatherings import announce, card, letters, more
from tests.town import BERLIN, Town, where_moments_are_typed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

CIRCLE = "circle every tuesday 18:00 1h huddle"


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A time in November on Berlin's clocks."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def planned(town: Town, zone: ZoneInfo = BERLIN) -> list[str]:
    """Every gathering: when, in which state, whether the channel saw it, and in which series."""
    rows = sorted(town.rows(Gathering), key=lambda row: str(row["starts_at"]))
    return [
        f"{row['starts_at'].astimezone(zone):%d %b %H:%M} {row['state']}"  # type: ignore[attr-defined]
        f"{' shown' if row['shown_at'] else ''} {row['series_id'] or '-'}"
        for row in rows
    ]


def cards(town: Town) -> list[str]:
    """The second line of every card in the channel."""
    return [text.splitlines()[1] for text in town.channel() if text.startswith("circle, ")]


async def test_a_series_is_made_ahead_and_the_channel_sees_one_at_a_time(town: Town) -> None:
    await town.start_movement()
    told = await town.command("chi", f"/gather {CIRCLE}")
    assert told == (
        "Announced: circle, Tue 3 November, 18:00 (1 hour), every tuesday 18:00.\n"
        "You host the first one; after that the hosts take turns. "
        "Only the next one is shown in the channel, six days ahead.\n"
        "[Time and place] [Details] [Leave the host slot open] [Who hosts]"
    )
    assert planned(town) == [
        "03 Nov 18:00 announced shown 1",
        "10 Nov 18:00 announced 1",
        "17 Nov 18:00 announced 1",
        "24 Nov 18:00 announced 1",
    ]
    assert "Comes again: every tuesday 18:00." in card(town, "circle").text
    await town.wait_until(at(4, 12))  # six days before the second one was four hours ago... it is shown at 18:00
    assert len(cards(town)) == 1
    await town.wait_until(at(4, 19))
    assert cards(town) == [
        "Tue 3 November, 18:00 to 19:00 (Europe/Berlin)",
        "Tue 10 November, 18:00 to 19:00 (Europe/Berlin)",
    ]
    assert [line.split()[0] + line.split()[2] for line in planned(town)][-1] == "0118:00"
    assert len(planned(town)) == 5


@sqlite
@in_the_room
async def test_a_dense_series_waits_for_the_one_before_and_the_clocks_may_change(town: Town) -> None:
    await town.start_movement()
    await town.wait_until(datetime(2027, 3, 26, 9, tzinfo=UTC))
    await town.command("chi", "/gather standup every day 09:30 15m")
    shown = [line for line in planned(town) if "shown" in line]
    assert shown == ["27 Mar 09:30 announced shown 1"]
    await town.wait_until(datetime(2027, 3, 27, 8, 44, tzinfo=UTC))
    assert len([line for line in planned(town) if "shown" in line]) == 1
    await town.wait_until(datetime(2027, 3, 27, 8, 46, tzinfo=UTC))
    assert [line for line in planned(town) if "shown" in line][-1] == "28 Mar 09:30 announced shown 1"
    assert [line[:12] for line in planned(town)] == [
        "27 Mar 09:30",
        "28 Mar 09:30",
        "29 Mar 09:30",
        "30 Mar 09:30",
        "31 Mar 09:30",
    ]


async def test_one_of_a_series_is_moved_or_cancelled_by_itself(town: Town) -> None:
    post = await announce(town, "chi", CIRCLE)
    await town.press("ben", "Going", on=post)
    which = await town.press("chi", "Time and place")
    assert which == (
        "circle, Tue 3 November, 18:00 is one of a series. Which ones do you mean?\n"
        "[This one] [This and following] [All that are to come]"
    )
    await town.press("chi", "This one")
    told = await town.fill("chi", when="2026-11-04 19:00")
    assert told == "Saved: circle, Wed 4 November, 19:00 (1 hour). 1 person was told in private."
    assert planned(town)[:2] == ["04 Nov 19:00 announced shown 1", "10 Nov 18:00 announced 1"]
    (row, *_) = town.rows(Gathering)
    assert row["slot"] == at(3, 18)
    # The one after it is neither moved onto it nor told of.
    await town.command("chi", "/gather list")
    await town.press("chi", "Open one", choice="2")
    await town.press("ana", "More", on=post)
    await town.press("ana", "Cancel it")
    await town.press("ana", "This one")
    await town.fill("ana")
    assert planned(town) == [
        "04 Nov 19:00 cancelled shown 1",
        "10 Nov 18:00 announced 1",
        "17 Nov 18:00 announced 1",
        "24 Nov 18:00 announced 1",
        "01 Dec 18:00 announced 1",
    ]
    assert len(letters(town, "ben")) == 2
    await town.wait_until(at(4, 19))
    assert cards(town)[-1] == "Tue 10 November, 18:00 to 19:00 (Europe/Berlin)"


@where_moments_are_typed
async def test_this_and_following_go_on_as_another_series(town: Town) -> None:
    await announce(town, "chi", CIRCLE)
    await town.wait_until(at(4, 19))
    post = card(town, "circle")
    await town.press("ben", "Going", on=post)
    await town.press("chi", "More", on=post)
    await town.press("chi", "Time and place")
    await town.press("chi", "This and following")
    assert [field.name for field in town.form("chi").form.fields] == ["again", "length", "where", "places"]
    assert await town.fill("chi", again="every blue moon") == (
        "again: I do not understand 'every blue moon'; write it like "
        "'every monday 09:00', 'every other friday 16:00' or 'last day of the month 17:00'."
    )
    await town.fill("chi", again="every other thursday 19:00", where="voice Lounge")
    assert planned(town) == [
        "03 Nov 18:00 over shown 1",
        "12 Nov 19:00 announced shown 2",
        "26 Nov 19:00 announced 2",
        "10 Dec 19:00 announced 2",
        "24 Dec 19:00 announced 2",
    ]
    old, new = town.rows(Series)
    assert (old["until"], old["cadence"], new["cadence"]) == (
        at(10, 18),
        "every tuesday 18:00",
        "every other thursday 19:00",
    )
    assert old["uid"] != new["uid"]
    assert letters(town, "ben")[-1] == (
        "Clean River: this has changed: circle, Thu 12 November, 19:00 (1 hour). It was to be Tue 10 November, 18:00. "
        "Where: voice channel Lounge.\n[Can't make it after all]"
    )
    # Ending it removes what nobody has seen, and cancels what they have.
    await town.press("chi", "More", on=card(town, "circle"))
    await town.press("chi", "Cancel it")
    await town.press("chi", "All that are to come")
    told = await town.fill("chi", why="Thank you all.")
    assert told == "Cancelled: circle, Thu 12 November, 19:00, and those after it. 2 people were told in private."
    assert planned(town) == ["03 Nov 18:00 over shown 1", "12 Nov 19:00 cancelled shown 2"]
    await town.wait(days=40)
    assert planned(town) == ["03 Nov 18:00 over shown 1", "12 Nov 19:00 cancelled shown 2"]


@sqlite
@in_the_room
async def test_all_that_are_to_come_get_another_name_and_place(town: Town) -> None:
    await announce(town, "chi", CIRCLE)
    await more(town, "ana", "circle")
    await town.press("ana", "Details")
    await town.press("ana", "All that are to come")
    await town.fill("ana", title="River circle", kind=("reading",))
    (series,) = town.rows(Series)
    assert (series["title"], series["kind"], series["revision"]) == ("River circle", "reading", 1)
    assert {row["title"] for row in town.rows(Gathering)} == {"River circle"}
    await more(town, "chi", "River circle")
    await town.press("chi", "Time and place")
    await town.press("chi", "All that are to come")
    told = await town.fill("chi", length="2h", places="12")
    assert told == ("Saved: River circle, Tue 3 November, 18:00 (2 hours). 1 person was told in private.")
    assert len(letters(town, "ana")) == 1  # by rota she hosts the second one
    assert {(row["minutes"], row["capacity"]) for row in town.rows(Gathering)} == {(120, 12)}
    # A rhythm that falls onto itself moves every one that somebody has answered, without a clash.
    await town.command("dee", "/gather list")
    await town.press("dee", "Open one", choice="2")
    await town.press("dee", "Going")
    await more(town, "chi", "River circle")
    await town.press("chi", "Time and place")
    await town.press("chi", "This and following")
    await town.fill("chi", again="second tuesday of the month 18:00")
    assert [line[:12] for line in planned(town)] == ["10 Nov 18:00", "08 Dec 18:00"]
    assert [(row["id"], row["slot"]) for row in town.rows(Gathering)][:2] == [
        (1, at(10, 18)),
        (2, at(8, 18, month=12)),
    ]
    assert len(town.rows(Series)) == 1
