from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cadence import Cadence, CadenceError, read_cadence, read_zone, spoken
from bot.moments import WEEKDAYS
from bot.trigger import CadenceTrigger

BERLIN = "Europe/Berlin"
LONG_AGO = datetime(2016, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local_times(words: str, zone: str, after: str, *, anchor: datetime = LONG_AGO, count: int = 3) -> list[str]:
    """What people's clocks show when the next ones come, counted from a local time."""
    start = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone))
    moments = read_cadence(words).upcoming(start, zone=zone, anchor=anchor, count=count)
    return [f"{at.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M}" for at in moments]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("every day 09:00", "every day 09:00"),
        ("daily at noon", "every day 12:00"),
        ("every weekday 09:00", "every weekday 09:00"),
        ("weekdays midnight", "every weekday 00:00"),
        ("every monday 09:00", "every monday 09:00"),
        ("Every  MONDAY   at 9:00", "every monday 09:00"),
        ("every monday and thursday 18:00", "every monday and thursday 18:00"),
        ("every thu, mon and fri 6 pm", "every monday, thursday and friday 18:00"),
        ("every mon, tue, wed, thu and fri", "every weekday 09:00"),
        ("mondays 9am", "every monday 09:00"),
        ("on tuesdays and fridays, 9.30pm", "every tuesday and friday 21:30"),
        ("weekly", "every monday 09:00"),
        ("every week on wed 12am", "every wednesday 00:00"),
        ("every other friday 16:00", "every other friday 16:00"),
        ("fortnightly on friday 16:00", "every other friday 16:00"),
        ("every two weeks on friday 16:00", "every other friday 16:00"),
        ("every 3 weeks on tuesday 18:00", "every 3 weeks on tuesday 18:00"),
        ("every 1 week on tuesday", "every tuesday 09:00"),
        ("first tuesday of the month 18:00", "first tuesday of the month 18:00"),
        ("the second friday of every month", "second friday of the month 09:00"),
        ("3rd friday of the month", "third friday of the month 09:00"),
        ("every fourth friday of the month", "fourth friday of the month 09:00"),
        ("last friday of the month", "last friday of the month 09:00"),
        ("every month on the 15th 10:00", "every month on the 15th 10:00"),
        ("the 22nd of each month", "every month on the 22nd 09:00"),
        ("monthly", "every month on the 1st 09:00"),
        ("monthly on the 31st", "every month on the 31st 09:00"),
        ("first day of the month", "every month on the 1st 09:00"),
        ("last day of the month 17:00", "last day of the month 17:00"),
        ("quarterly", "first monday of the quarter 09:00"),
        ("first monday of the quarter 10:00", "first monday of the quarter 10:00"),
        ("every quarter on the 31st", "every quarter on the 31st 09:00"),
        ("quarterly on the last day", "last day of the quarter 09:00"),
        ("On demand", "on demand"),
    ],
)
def test_plain_words_are_understood_and_kept_in_one_form(written: str, kept: str) -> None:
    assert (str(read_cadence(written)), read_cadence(kept)) == (kept, read_cadence(written))


@pytest.mark.parametrize(
    ("written", "stumbled_over"),
    [
        ("every monday except may", "'except may' in 'every monday except may'"),
        ("every monday 9am sharp", "'sharp' in 'every monday 9am sharp'"),
        ("every monday at", "'at' in 'every monday at'"),
        ("every monday 25:00", "'25:00' in 'every monday 25:00'"),
        ("every monday 13pm", "'13pm' in 'every monday 13pm'"),
        ("every monday 18", "'18' in 'every monday 18'"),
        ("Every friday of the month", "'of the month' in 'Every friday of the month'"),
        ("on demand 18:00", "'18:00' in 'on demand 18:00'"),
        ("every second friday", "'every second friday'"),
        ("every month on the 32nd", "'every month on the 32nd'"),
        ("every month on the 3th", "'every month on the 3th'"),
        ("every 0 weeks", "'every 0 weeks'"),
        ("every 53 weeks", "'every 53 weeks'"),
        ("monday", "'monday'"),
        ("", "''"),
    ],
)
def test_a_word_that_is_not_understood_is_named_and_refused(written: str, stumbled_over: str) -> None:
    with pytest.raises(CadenceError) as refusal:
        read_cadence(written)
    assert str(refusal.value) == (
        f"I do not understand {stumbled_over}; write it like "
        "'every monday 09:00', 'every other friday 16:00' or 'last day of the month 17:00'."
    )


@pytest.mark.parametrize(
    ("rule", "at"),
    [
        ("FREQ=YEARLY", time(9)),
        ("FREQ=WEEKLY;BYDAY=TH,MO", time(9)),
        ("FREQ=WEEKLY;INTERVAL=1;BYDAY=MO", time(9)),
        ("nonsense", time(9)),
        ("FREQ=DAILY", time(9, 0, 30)),
        ("", time(10)),
    ],
)
def test_a_rule_without_plain_words_cannot_be_kept(rule: str, at: time) -> None:
    with pytest.raises(CadenceError, match=rf"^There are no plain words for the rule '{rule}' at {at}\.$"):
        Cadence(rule, at)


@pytest.mark.parametrize(
    ("words", "zone", "after", "clocks"),
    [
        # New York goes over to summer time on 8 March 2026 and back on 1 November.
        ("every monday 09:00", "America/New_York", "2026-03-01", ["02 Mar 14:00", "09 Mar 13:00", "16 Mar 13:00"]),
        (
            "every monday 09:00",
            "America/New_York",
            "2026-10-26T09:00",
            ["02 Nov 14:00", "09 Nov 14:00", "16 Nov 14:00"],
        ),
        # Berlin jumps from 02:00 to 03:00 on 29 March 2026; on 25 October 02:00 to 03:00 comes twice.
        ("every day 02:30", BERLIN, "2026-03-28", ["28 Mar 01:30", "29 Mar 01:30", "30 Mar 00:30"]),
        ("every day 02:30", BERLIN, "2026-10-24", ["24 Oct 00:30", "25 Oct 00:30", "26 Oct 01:30"]),
        # Havana and Cairo have no midnight on 8 March and 24 April 2026: 01:00 follows upon 23:59.
        ("every day midnight", "America/Havana", "2026-03-07T12:00", ["08 Mar 05:00", "09 Mar 04:00", "10 Mar 04:00"]),
        ("every day midnight", "Africa/Cairo", "2026-04-23T12:00", ["23 Apr 22:00", "24 Apr 21:00", "25 Apr 21:00"]),
        # Lord Howe's clocks change by half an hour: 01:30 to 02:00 twice on 5 April, 02:00 to 02:30 never on 4 October.
        ("every day 01:45", "Australia/Lord_Howe", "2026-04-04", ["03 Apr 14:45", "04 Apr 14:45", "05 Apr 15:15"]),
        ("every day 02:15", "Australia/Lord_Howe", "2026-10-03", ["02 Oct 15:45", "03 Oct 15:45", "04 Oct 15:15"]),
        # Nuuk jumps from 23:00 to midnight on Saturday 28 March 2026: Saturday's ritual comes half an hour into Sunday.
        ("every day 23:30", "America/Nuuk", "2026-03-27T12:00", ["28 Mar 01:30", "29 Mar 01:30", "30 Mar 00:30"]),
        # Samoa had no 30 December 2011.
        ("every day 09:00", "Pacific/Apia", "2011-12-28T12:00", ["29 Dec 19:00", "30 Dec 19:00", "31 Dec 19:00"]),
    ],
)
def test_rituals_keep_their_local_time_when_clocks_change(words: str, zone: str, after: str, clocks: list[str]) -> None:
    start = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone))
    moments = read_cadence(words).upcoming(start, zone=zone, anchor=datetime(2011, 1, 1, tzinfo=UTC))
    assert [f"{at:%d %b %H:%M}" for at in moments] == clocks


def test_a_ritual_at_a_time_that_the_clocks_jump_over_comes_as_much_later() -> None:
    assert local_times("every day 02:30", BERLIN, "2026-03-28") == [
        "Sat 28 Mar 2026 02:30",
        "Sun 29 Mar 2026 03:30",
        "Mon 30 Mar 2026 02:30",
    ]


def test_nothing_comes_in_the_second_of_two_equal_hours() -> None:
    second_0215 = utc("2026-10-25T01:15")
    assert read_cadence("every day 02:30").next_after(second_0215, zone=BERLIN, anchor=LONG_AGO) == utc(
        "2026-10-26T01:30"
    )


@pytest.mark.parametrize(
    ("words", "after", "days"),
    [
        ("every quarter on the 31st", "2026-01-31T09:00", ["30 Apr 2026", "31 Jul 2026", "31 Oct 2026", "31 Jan 2027"]),
        ("every month on the 31st", "2027-12-31T09:00", ["31 Jan 2028", "29 Feb 2028", "31 Mar 2028", "30 Apr 2028"]),
        ("every month on the 29th", "2027-01-01", ["29 Jan 2027", "28 Feb 2027", "29 Mar 2027", "29 Apr 2027"]),
        ("last day of the month", "2027-01-15", ["31 Jan 2027", "28 Feb 2027", "31 Mar 2027", "30 Apr 2027"]),
        ("last day of the quarter", "2026-11-20", ["31 Dec 2026", "31 Mar 2027", "30 Jun 2027", "30 Sep 2027"]),
        ("quarterly", "2026-11-20", ["04 Jan 2027", "05 Apr 2027", "05 Jul 2027", "04 Oct 2027"]),
        ("last friday of the quarter", "2026-11-20", ["25 Dec 2026", "26 Mar 2027", "25 Jun 2027", "24 Sep 2027"]),
        ("first tuesday of the month", "2026-11-20", ["01 Dec 2026", "05 Jan 2027", "02 Feb 2027", "02 Mar 2027"]),
        ("monthly", "2026-11-20", ["01 Dec 2026", "01 Jan 2027", "01 Feb 2027", "01 Mar 2027"]),
        ("every weekday", "2026-11-20T09:00", ["23 Nov 2026", "24 Nov 2026", "25 Nov 2026", "26 Nov 2026"]),
    ],
)
def test_dates_of_months_and_quarters(words: str, after: str, days: list[str]) -> None:
    assert [told[4:15] for told in local_times(words, BERLIN, after, count=4)] == days


def test_a_ritual_that_the_clocks_moved_past_midnight_is_not_lost() -> None:
    assert local_times("every day 23:30", "America/Nuuk", "2026-03-29T00:10", count=2) == [
        "Sun 29 Mar 2026 00:30",
        "Sun 29 Mar 2026 23:30",
    ]


def test_every_other_monday_is_never_in_the_past() -> None:
    anchor = datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("America/New_York"))
    assert local_times("every other monday", "America/New_York", "2026-03-01", anchor=anchor) == [
        "Mon 02 Mar 2026 09:00",
        "Mon 16 Mar 2026 09:00",
        "Mon 30 Mar 2026 09:00",
    ]


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("2026-11-20T09:00", ["Fri 20 Nov 2026 16:00", "Fri 04 Dec 2026 16:00"]),  # agreed on Friday morning
        ("2026-11-20T16:00", ["Fri 20 Nov 2026 16:00", "Fri 04 Dec 2026 16:00"]),  # the first one itself
        (
            "2026-11-20T17:00",
            ["Fri 27 Nov 2026 16:00", "Fri 11 Dec 2026 16:00"],
        ),  # agreed when this Friday's time is over
        ("2026-11-21T09:00", ["Fri 27 Nov 2026 16:00", "Fri 11 Dec 2026 16:00"]),  # agreed on Saturday
    ],
)
def test_every_other_friday_begins_with_the_first_friday_from_the_anchor(anchor: str, expected: list[str]) -> None:
    first = datetime.fromisoformat(anchor).replace(tzinfo=ZoneInfo(BERLIN))
    assert local_times("every other friday 16:00", BERLIN, "2026-11-01", anchor=first, count=2) == expected


def test_a_week_that_counts_has_all_its_days() -> None:
    wednesday = datetime(2026, 11, 18, tzinfo=UTC)
    assert local_times("every other monday and thursday", "UTC", "2026-11-01", anchor=wednesday, count=4) == [
        "Thu 19 Nov 2026 09:00",
        "Mon 30 Nov 2026 09:00",
        "Thu 03 Dec 2026 09:00",
        "Mon 14 Dec 2026 09:00",
    ]


def test_on_demand_never_comes_by_itself() -> None:
    cadence = read_cadence("on demand")
    now = utc("2026-11-20T09:00")
    assert (
        cadence.upcoming(now, zone=BERLIN, anchor=LONG_AGO),
        cadence.next_after(now, zone=BERLIN, anchor=LONG_AGO),
        spoken(cadence, (), BERLIN),
    ) == ((), None, "on demand")


def test_people_are_told_the_next_three() -> None:
    cadence = read_cadence("every other fri 16:00")
    moments = cadence.upcoming(utc("2026-11-21T09:00"), zone=BERLIN, anchor=utc("2026-11-20T15:00"))
    assert spoken(cadence, moments, BERLIN) == (
        "every other friday 16:00 (Europe/Berlin): next Fri 4 Dec 16:00, Fri 18 Dec 16:00, Fri 1 Jan 16:00"
    )


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 20)  # noqa: DTZ001 - the mistake in question
    with pytest.raises(ValueError, match=r"^A moment without a zone could be anywhere; give an aware datetime\.$"):
        read_cadence("weekly").upcoming(naive, zone=BERLIN, anchor=LONG_AGO)


def test_twelve_weeks_of_downtime_bring_one_ritual_not_twelve() -> None:
    trigger = CadenceTrigger("FREQ=WEEKLY;BYDAY=MO", at=time(9), zone="UTC", anchor=LONG_AGO)
    missed, now = utc("2026-08-03T09:00"), utc("2026-10-26T09:00")
    assert (trigger.get_next_fire_time(missed, now), trigger.get_next_fire_time(now, now)) == (now, now + 7 * DAY)


def test_apscheduler_takes_the_trigger_for_its_own() -> None:
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.start(paused=True)
    trigger = read_cadence("every day 09:00").trigger(zone=BERLIN, anchor=datetime(2999, 6, 1, tzinfo=UTC))
    job = scheduler.add_job(print, trigger)
    scheduler.shutdown()
    assert job.next_run_time == utc("2999-06-01T07:00")


@pytest.mark.parametrize(
    ("written", "zone"),
    [("europe/berlin", BERLIN), (" America/new york ", "America/New_York"), ("utc", "UTC")],
)
def test_a_time_zone_is_read_in_any_case(written: str, zone: str) -> None:
    assert read_zone(written) == zone


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("berlin", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin, Europe/Dublin or Europe/Belfast"),
        ("../etc/passwd", "Europe/Berlin, America/New_York or Asia/Kolkata"),
        ("", "Europe/Berlin, America/New_York or Asia/Kolkata"),
    ],
)
def test_an_unknown_time_zone_is_answered_with_the_nearest(written: str, offered: str) -> None:
    with pytest.raises(CadenceError) as refusal:
        read_zone(written)
    assert str(refusal.value) == f"I know no time zone '{written}'; write its name, for example {offered}."


DAYS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(" and ".join)
PERIODS = st.sampled_from(["month", "quarter"])
ORDINALS = st.sampled_from(["first", "second", "third", "fourth", "last"])
DATES = st.integers(1, 31).map(
    lambda n: f"{n}{'th' if n in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"
)
RHYTHMS = st.one_of(
    st.sampled_from(["every day", "every weekday", "quarterly"]),
    st.builds("every {}".format, DAYS),
    st.builds("every {} weeks on {}".format, st.integers(1, 52), DAYS),
    st.builds("{} {} of the {}".format, ORDINALS, st.sampled_from(["day", *WEEKDAYS]), PERIODS),
    st.builds("every {} on the {}".format, PERIODS, DATES),
)
CADENCES = st.builds("{} {:%H:%M}".format, RHYTHMS, st.times()).map(read_cadence)
ZONES = st.sampled_from(
    [BERLIN, "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "America/Nuuk", "Asia/Kathmandu"]
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - asked for so


@given(CADENCES)
@settings(max_examples=200, deadline=None)
def test_what_is_kept_is_read_back_as_the_same(cadence: Cadence) -> None:
    assert read_cadence(str(cadence).upper().replace(" ", "  ")) == cadence


@given(CADENCES, ZONES, MOMENTS, MOMENTS)
@settings(max_examples=200, deadline=None)
def test_times_only_run_forward_and_show_the_agreed_time(
    cadence: Cadence, zone: str, after: datetime, anchor: datetime
) -> None:
    moments = cadence.upcoming(after, zone=zone, anchor=anchor, count=6)
    assert list(moments) == sorted(set(moments))
    assert moments[0] > after
    assert moments[0] >= anchor
    shown = {planned_wall(at, cadence.at, zone).time() for at in moments}
    assert shown == {cadence.at}


@given(CADENCES, ZONES, MOMENTS, st.timedeltas(timedelta(0), 3000 * DAY))
@settings(max_examples=200, deadline=None)
def test_asking_later_gives_the_same_times(cadence: Cadence, zone: str, anchor: datetime, wait: timedelta) -> None:
    after = anchor + wait
    [first, second, third] = cadence.upcoming(after, zone=zone, anchor=anchor)
    step_by_step = [
        cadence.next_after(at, zone=zone, anchor=anchor) for at in (first - timedelta(seconds=1), first, second)
    ]
    assert step_by_step == [first, second, third]
    from_the_first = cadence.upcoming(after, zone=zone, anchor=first)
    assert from_the_first == (first, second, third)


def test_every_day_comes_exactly_once_in_every_zone_of_the_world() -> None:
    odd = []
    for zone in sorted(available_timezones() - {"Factory", "localtime", "posixrules"}):
        for change in list_changes(zone, 2026):
            for words in ("every day midnight", "every day 02:15", "every day 23:45"):
                cadence, start = read_cadence(words), datetime.combine(change - 3 * DAY, time(12), ZoneInfo(zone))
                moments = cadence.upcoming(start, zone=zone, anchor=LONG_AGO, count=6)
                days = [planned_wall(at, cadence.at, zone).date() for at in moments]
                first = start.date() + (DAY if cadence.at < time(12) else timedelta())
                if days != [first + n * DAY for n in range(6)]:
                    odd.append((zone, words, days))
    assert odd == []


def planned_wall(at: datetime, agreed: time, zone: str) -> datetime:
    """The local time that an instant stands for: what clocks show, or before it the time that they jumped over."""
    local = at.astimezone(ZoneInfo(zone))
    if local.fold:
        raise AssertionError(f"{local} is the second of two equal times")
    wall = local.replace(tzinfo=None)
    if wall.time() == agreed:
        return wall
    passed = wall - (at - 3 * HOUR).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    skipped = wall - (passed - 3 * HOUR)
    shown_instead = (
        skipped.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    )
    return skipped if shown_instead != skipped else wall


def list_changes(zone: str, year: int) -> list[date]:
    """The days on which clocks change; one quiet day in June where they never do."""
    noons = [datetime(year, 1, 1, 12, tzinfo=ZoneInfo(zone)) + n * DAY for n in range(365)]
    changed = [b.date() for a, b in pairwise(noons) if a.utcoffset() != b.utcoffset()]
    return changed or [date(year, 6, 15)]
