"""Gatherings as people's own calendars read them: single ones, and series with the times that are off or moved.

The format is iCalendar (RFC 5545, RFC 7986), without a method: a calendar that somebody follows publishes, it invites
nobody. What is written depends on nothing but what is told here, so the same gatherings make the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration, vRecur

from bot.cadence import Cadence
from bot.chat import ATTACHMENT_NAME_LIMIT
from bot.moments import find_instant
from bot.plain import tidy, tidy_line
from bot.zones import describe_zone

PRODUCT = "-//Drumbeat//Gatherings//EN"
DOMAIN = "drumbeat"
# How often a program that follows a calendar should look again.
LOOK_AGAIN = timedelta(hours=1)
CANCELLED = "Cancelled: "
# For so long the odd days of February are told.
FEBRUARIES = timedelta(days=20 * 366)
_DAY = timedelta(days=1)
_WEB = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One gathering. ``tentative``: whoever follows the calendar has not said yes for certain.

    ``revision`` grows with each change, and ``changed_at`` is when the last one was made.
    """

    uid: str
    title: str
    starts_at: datetime
    minutes: int
    changed_at: datetime
    revision: int = 0
    kind: str = ""
    place: str = ""
    words: str = ""
    cancelled: bool = False
    tentative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A series: its cadence, what each one is like (``entry``, whose start counts for nothing), and how it ends.

    None begins at ``until`` or later. ``known`` are those that were made already, each with the time
    that the cadence meant it to be; one that is left out there, or cancelled, does not take place.
    """

    entry: Entry
    cadence: Cadence
    anchor: datetime
    until: datetime | None = None
    known: tuple[tuple[datetime, Entry | None], ...] = field(default=())


def write_calendar(entries: Iterable[Entry], series: Iterable[Repeated] = (), *, zone: str, name: str = "") -> str:
    """Write a calendar. Its lines end with a bare line feed; whoever hands it out makes them CRLF (``as_sent``)."""
    # Times of a series are told by the clocks of a zone also where these are UTC's: some programs do not find a time
    # that is named as an instant again among those of a rule.
    zone = "Etc/UTC" if zone == "UTC" else zone
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    if name:
        calendar.add("NAME", tidy_line(name))
        calendar.add("X-WR-CALNAME", tidy_line(name))
        calendar.add("X-WR-TIMEZONE", zone)
        calendar.add("REFRESH-INTERVAL", vDuration(LOOK_AGAIN), parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", vDuration(LOOK_AGAIN))
    begun = [(one, first) for one in series if (first := _begin(one, zone)) is not None]
    if begun:
        calendar.add_component(describe_zone(zone, since=min(first.year for _, first in begun) - 1))
    for event in (*map(_single, entries), *(event for one, first in begun for event in _repeated(one, first, zone))):
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode().replace("\r\n", "\n")


def as_sent(written: str) -> bytes:
    """Give a calendar as the format wants it on the wire and in a file: lines end with CRLF."""
    return written.replace("\n", "\r\n").encode()


def file_name(title: str, starts_at: datetime, *, zone: str) -> str:
    """Name the file of one gathering: town-hall-2026-11-05.ics."""
    day = starts_at.astimezone(ZoneInfo(zone)).date().isoformat()
    most = ATTACHMENT_NAME_LIMIT - len(f"-{day}.ics")
    slug = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:most].strip("-")
    return f"{slug or 'gathering'}-{day}.ics"


# ------------------------------------------------------------------------------------------------ single ones


def _single(entry: Entry) -> Event:
    event = _describe(entry, entry.uid)
    # In UTC: it also tells apart the two times at which clocks show the same when they go back.
    event.add("DTSTART", entry.starts_at.astimezone(UTC))
    event.add("DTEND", entry.starts_at.astimezone(UTC) + timedelta(minutes=entry.minutes))
    return event


def _describe(entry: Entry, uid: str) -> Event:
    event = Event()
    title = tidy_line(entry.title)
    event.add("UID", f"{uid}@{DOMAIN}")
    event.add("DTSTAMP", _whole(entry.changed_at))
    event.add("LAST-MODIFIED", _whole(entry.changed_at))
    event.add("SEQUENCE", entry.revision)
    # Some programs do not look at the status of what they follow.
    event.add("SUMMARY", f"{CANCELLED}{title}" if entry.cancelled else title)
    event.add("STATUS", "CANCELLED" if entry.cancelled else "TENTATIVE" if entry.tentative else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if entry.cancelled or entry.tentative else "OPAQUE")
    if entry.kind:
        event.add("CATEGORIES", [tidy_line(entry.kind)])
    if entry.place.strip():
        event.add("LOCATION", tidy_line(entry.place))
        if _WEB.fullmatch(entry.place.strip()):
            event.add("URL", entry.place.strip())
    if entry.words.strip():
        event.add("DESCRIPTION", tidy(entry.words))
    return event


# ------------------------------------------------------------------------------------------------ series


def _begin(series: Repeated, zone: str) -> datetime | None:
    """Tell the first time of a series; none when it ended before it began."""
    first = series.cadence.next_after(series.anchor - datetime.resolution, zone=zone, anchor=series.anchor)
    return None if first is None or (series.until is not None and first >= series.until) else first


def _repeated(series: Repeated, first: datetime, zone: str) -> list[Event]:
    """Write a series as one rule, what is off as dates without it, and what is moved or different one by one."""
    master = _describe(series.entry, series.entry.uid)
    named = {"TZID": zone}
    master.add("DTSTART", _meant(first, series.cadence, zone), parameters=named)
    master.add("DURATION", timedelta(minutes=series.entry.minutes))
    simple, also = _simplify(series, first, zone)
    if also:
        master.add("RDATE", [_meant(slot, series.cadence, zone) for slot in also], parameters=named)
    rule = vRecur.from_ical(simple)
    if series.until is not None:
        rule["UNTIL"] = [_whole(series.until - timedelta(seconds=1))]
    master.add("RRULE", rule)
    off = [slot for slot, entry in series.known if entry is None or entry.cancelled]
    if off:
        master.add("EXDATE", [_meant(slot, series.cadence, zone) for slot in sorted(off)], parameters=named)
    return [master, *_overrides(series, zone)]


def _simplify(series: Repeated, first: datetime, zone: str) -> tuple[str, list[datetime]]:
    """Put a rule as every program understands it; gives with it the times that it leaves out then.

    'Every month on the 30th' means the 28th in February. As a rule that is the latest of three days (BYSETPOS), of
    which the parser of Thunderbird and Nextcloud makes all three.
    """
    rule = series.cadence.rule
    latest = re.fullmatch(r"(?P<head>.*)BYMONTHDAY=28,.*?(?P<day>\d\d);BYSETPOS=-1", rule)
    if latest is None:
        return rule, []
    if latest["day"] == "31":
        return f"{latest['head']}BYMONTHDAY=-1", []
    simple = f"{latest['head']}BYMONTHDAY={latest['day']}"
    if "BYMONTH=" in rule:  # the first months of the quarters are long
        return simple, []
    if _meant(first, series.cadence, zone).day != int(latest["day"]):
        return rule, []  # a series begins with a time of its rule
    last = min(series.until or first + FEBRUARIES, first + FEBRUARIES)
    slots = takewhile(lambda slot: slot < last, series.cadence.trigger(zone=zone, anchor=series.anchor).follow(first))
    return simple, [slot for slot in slots if _meant(slot, series.cadence, zone).day != int(latest["day"])]


def _overrides(series: Repeated, zone: str) -> Sequence[Event]:
    overrides = []
    for slot, entry in sorted(series.known, key=lambda known: known[0]):
        if entry is None or entry.cancelled:
            continue
        meant = _meant(slot, series.cadence, zone)
        if _is_as_meant(entry, slot, series.entry) and not _is_odd(meant, zone):
            continue
        event = _describe(entry, series.entry.uid)
        event.add("RECURRENCE-ID", meant, parameters={"TZID": zone})
        event.add("DTSTART", entry.starts_at.astimezone(UTC))
        event.add("DURATION", timedelta(minutes=entry.minutes))
        overrides.append(event)
    return overrides


def _is_as_meant(entry: Entry, slot: datetime, usual: Entry) -> bool:
    told = ("title", "minutes", "kind", "place", "words", "tentative")
    return entry.starts_at == slot and all(getattr(entry, name) == getattr(usual, name) for name in told)


def _is_odd(wall: datetime, zone: str) -> bool:
    """Tell whether clocks show a time twice or never: programs differ in what they make of it, an instant is clear."""
    there = wall.replace(tzinfo=ZoneInfo(zone))
    return there.utcoffset() != there.replace(fold=1).utcoffset()


def _meant(slot: datetime, cadence: Cadence, zone: str) -> datetime:
    """Tell what the clocks should show at a time of a cadence, also in the night in which they jump over it.

    Calendars look for a time of a series by what is written there, and make the same of it as we do: later by the jump.
    """
    shown = slot.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    for day in (shown.date(), shown.date() - _DAY):
        wall = datetime.combine(day, cadence.at)
        if find_instant(wall, zone=zone) == slot:
            return wall
    return shown


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
