"""What can be typed behind /gather: 'town hall tomorrow 18:00 90m at City Library max 20'."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cadence import CadenceError, read_cadence
from bot.moments import WEEKDAYS, MomentError, read_clock, spoken_clock
from bot.phrases import AmbiguousError, read_phrase
from bot.plain import tidy_line
from rituals.gathering.venues import Where, read_head, read_link, read_tail

UNKNOWN_TIME = "When is it? Such as 'tomorrow 18:00'."
NO_CLOCK = "At what time of day?"
TWO_TIMES = "I read two times there. Which one is it?"
_MOST_WORDS = 9
_MOST_TOKENS = 80
_MOST_PROBLEM = 100
# A span without any of these is no time; looking for one costs nothing then.
_SIGN = re.compile(
    r"\d|noon|midday|midnight|hour|minute|today|tomorrow|tonight|day\b|week|month|quarter|daily|fortnight|mon|tue|wed|thu|fri|sat|sun",
    re.IGNORECASE,
)
_CLOCK = r"(?:\d{1,2}[:.]\d{2}(?: ?[ap]m)?|\d{1,2} ?[ap]m)"
_FROM_TO = re.compile(
    rf"(?:\bfrom )?\b(?P<first>{_CLOCK}|\d{{1,2}}) ?(?:-|–|to|until|till) ?(?P<last>{_CLOCK})(?![\w:.])", re.IGNORECASE
)
_LENGTH = re.compile(
    r"(?:^|(?<=\s))(?:for )?(?:(?P<minutes>\d{1,4}) ?(?:m|mins?|minutes?)"
    r"|(?P<hours>\d{1,2})(?P<half>[.,]5)? ?(?:h|hrs?|hours?)(?: ?(?P<rest>[0-5]\d) ?(?:m|mins?|minutes?)?)?"
    r"|(?P<one>an hour|half an hour|one hour|two hours|three hours))(?=$|[\s,])",
    re.IGNORECASE,
)
_SAID = {"an hour": 60, "one hour": 60, "half an hour": 30, "two hours": 120, "three hours": 180}
_CAPACITY = re.compile(
    r"(?:^|(?<=\s))(?:max\.? ?|at most |up to )(?P<many>\d{1,5})(?: people| places| seats)?(?=$|[\s,])"
    r"|(?:^|(?<=\s))(?:for )?(?P<places>\d{1,5}) (?:places|seats|people)(?=$|[\s,])",
    re.IGNORECASE,
)
_OPEN_SLOT = re.compile(
    r"(?:^|(?<=\s))(?:with )?(?:an? )?(?:open (?:host )?slot|host (?:wanted|needed))(?=$|[\s,.])", re.IGNORECASE
)
_BARE_HOUR = re.compile(r"\bat (\d{1,2})(?: o'?clock)?(?![\d:.h])", re.IGNORECASE)
_LEADS_ON = {"at", "on", "in", "@", "-", "for", "from", "by"}
_LOOSE_END = re.compile(r"(?:\s*[-–,:;|@]+|\s+(?:on|at|for|from|by|this))$", re.IGNORECASE)
_LOOSE_START = re.compile(r"^[-–,:;|]+\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed, taken apart; ``problem`` says in a sentence what is not understood of its time."""

    title: str = ""
    starts_at: datetime | None = None
    cadence: str = ""
    minutes: int | None = None
    where: Where = field(default_factory=Where)
    capacity: int | None = None
    open_slot: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _When:
    first: int
    last: int
    at: datetime | None = None
    cadence: str = ""
    problem: str = ""


def read_line(words: str, *, zone: str, now: datetime) -> Line:
    """Take a line apart: when it is, how long, where, how many; what is left is the title."""
    text = tidy_line(words)
    text, link = read_link(text)
    text, open_slot = _take_open_slot(text)
    text, capacity = _take_capacity(text)
    text, minutes = _take_range(text)
    tokens = text.split()
    found = _find_when(tokens[:_MOST_TOKENS], zone=zone, now=now)
    head, tail = " ".join(tokens[: found.first]), " ".join(tokens[found.last :])
    if minutes is None:
        tail, minutes = _take_length(tail)
    if minutes is None:
        head, minutes = _take_length(head)
    if found.at is None and not tail:
        head, tail = "", head  # without a time the place stands behind the title
    rest, where = read_tail(tail, alone=not head)
    if not where.kind:
        head, where = read_head(head)
    title = _trim(f"{_trim(head)} {rest}")
    line = Line(title, found.at, found.cadence, minutes, link or where, capacity, open_slot, found.problem)
    return line if words.strip() else replace(line, problem="")


def _find_when(tokens: list[str], *, zone: str, now: datetime) -> _When:
    """Find the longest words that are a time; with a rhythm beside a moment the two belong together."""
    moments: list[_When] = []
    rhythms: list[_When] = []
    bare: list[_When] = []
    problems: list[_When] = []
    for size in range(min(len(tokens), _MOST_WORDS), 0, -1):
        for first in range(len(tokens) - size + 1):
            last = first + size
            span = " ".join(tokens[first:last])
            if not _SIGN.search(span) or tokens[last - 1].lower() in _LEADS_ON:
                continue
            try:
                moments.append(_When(first, last, at=read_phrase(span.rstrip(","), zone=zone, now=now)))
            except MomentError as error:
                if _is_telling(error, span, zone=zone, now=now):
                    problems.append(_When(first, last, problem=_short(str(error))))
            cadence, has_clock = _read_rhythm(span)
            if cadence:
                (rhythms if has_clock else bare).append(_When(first, last, cadence=cadence))
    rhythm = _longest(rhythms)
    moment = _longest([one for one in moments if rhythm is None or not _overlap(one, rhythm)])
    other = next((one for one in moments if moment is not None and not _overlap(one, moment)), None)
    if moment is not None and (rhythm is not None or other is not None):
        return _span_of(moment, rhythm or other or moment)
    found = _choose(moment, _longest(bare), _doubt(problems), len(tokens), zone=zone)
    if rhythm is None:
        return found
    return replace(rhythm, at=read_cadence(rhythm.cadence).next_after(now, zone=zone, anchor=now))


def _span_of(one: _When, other: _When) -> _When:
    cadence = one.cadence or other.cadence
    return _When(min(one.first, other.first), max(one.last, other.last), cadence=cadence, problem=TWO_TIMES)


def _is_telling(error: MomentError, span: str, *, zone: str, now: datetime) -> bool:
    """Tell whether a refusal says more than that these words are no time."""
    if not isinstance(error, AmbiguousError) or "am or" not in str(error):
        return not str(error).startswith("I do not understand")
    try:
        read_phrase(_BARE_HOUR.sub(r"at \1am", span), zone=zone, now=now)
    except MomentError:
        return False
    return True


def _choose(moment: _When | None, bare: _When | None, doubt: _When | None, end: int, *, zone: str) -> _When:
    if moment is None and bare is not None and (doubt is None or " may be " not in doubt.problem):
        return replace(bare, problem=NO_CLOCK)
    if doubt is not None and (moment is None or " may be " in doubt.problem or _outdoes(doubt, moment)):
        return doubt
    if moment is not None and bare is not None and not _overlap(moment, bare) and moment.at is not None:
        return _join(moment, bare, zone=zone)
    return moment or _When(end, end, problem=UNKNOWN_TIME)


def _outdoes(one: _When, other: _When) -> bool:
    return _overlap(one, other) and _size(one) > _size(other)


def _join(moment: _When, rhythm: _When, *, zone: str) -> _When:
    """Put 'friday 18:00' and 'every 2 weeks' together; with words between them they do not."""
    assert moment.at is not None  # noqa: S101 - the caller looked
    cadence = join_rhythm(rhythm.cadence, moment.at, zone=zone)
    first, last = min(moment.first, rhythm.first), max(moment.last, rhythm.last)
    if not cadence or last - first > _size(moment) + _size(rhythm):
        return moment
    return _When(first, last, at=moment.at, cadence=cadence)


def join_rhythm(words: str, at: datetime, *, zone: str) -> str:
    """Give a rhythm the time of day of its first time, and the weekday where it names none; '' if it does not fit."""
    local = at.astimezone(ZoneInfo(zone))
    clock = spoken_clock(local.time())
    weekday = WEEKDAYS[local.weekday()]
    for said in (f"{words} on {weekday} {clock}", f"{words} {clock}", words):
        try:
            cadence = read_cadence(said)
        except CadenceError:
            continue
        before = at - timedelta(seconds=1)
        if cadence.next_after(before, zone=zone, anchor=before) == at:
            return str(cadence)
    return ""


def _read_rhythm(span: str) -> tuple[str, bool]:
    """Read a rhythm, and tell whether it names its time of day. 'daily' alone may be a part of a title."""
    if not re.match(r"every|each|fortnightly|first|second|third|last|weekdays|on the|the |\w+s\b", span, re.IGNORECASE):
        return "", False
    try:
        cadence = read_cadence(span)
    except CadenceError:
        return "", False
    if not cadence.rule:
        return "", False
    try:
        read_cadence(f"{span} 03:33")
    except CadenceError:
        return str(cadence), True
    return span.lower(), False


def _longest(found: list[_When]) -> _When | None:
    return max(found, key=lambda one: (_size(one), one.first), default=None)


def _doubt(problems: list[_When]) -> _When | None:
    return max(problems, key=lambda one: (" may be " in one.problem, _size(one)), default=None)


def _size(found: _When) -> int:
    return found.last - found.first


def _overlap(one: _When, other: _When) -> bool:
    return one.first < other.last and other.first < one.last


def _take_range(text: str) -> tuple[str, int | None]:
    """Put 'from 18:00 to 19:30' into a beginning and a length."""
    found = _FROM_TO.search(text)
    if found is None:
        return text, None
    last = found["last"]
    first = found["first"]
    half = re.search(r"[ap]m$", last, re.IGNORECASE)
    if half and first.isdecimal():
        first += half[0]
    try:
        begins, ends = read_clock(first), read_clock(last)
    except MomentError:
        return text, None
    minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    if minutes <= 0 and half and found["first"].isdecimal():  # 11-1pm begins before noon
        begins = begins.replace(hour=(begins.hour + 12) % 24)
        minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    if minutes == 0:
        return text, None
    return f"{text[: found.start()]}{spoken_clock(begins)}{text[found.end() :]}", minutes % (24 * 60)


def _take_capacity(text: str) -> tuple[str, int | None]:
    found = _CAPACITY.search(text)
    if found is None:
        return text, None
    return _cut(text, found), int(found["many"] or found["places"])


def _take_open_slot(text: str) -> tuple[str, bool]:
    found = _OPEN_SLOT.search(text)
    return (_cut(text, found), True) if found else (text, False)


def _take_length(text: str) -> tuple[str, int | None]:
    found = _LENGTH.search(text)
    return (_cut(text, found), _minutes(found)) if found else (text, None)


def read_minutes(words: str) -> int | None:
    """Read how long something takes: '90', '90m', '1h', '1h30', '1.5 hours', 'an hour'."""
    text = tidy_line(words)
    if text.isdecimal() and len(text) <= 4:  # noqa: PLR2004 - a day has 1440 minutes
        return int(text)
    found = _LENGTH.fullmatch(text)
    return _minutes(found) if found else None


def _minutes(found: re.Match[str]) -> int:
    if found["one"]:
        return _SAID[found["one"].lower()]
    if found["minutes"]:
        return int(found["minutes"])
    return int(found["hours"]) * 60 + (30 if found["half"] else 0) + int(found["rest"] or 0)


def _cut(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())


def _trim(words: str) -> str:
    """Drop what only led from the title to the time."""
    text = _LOOSE_START.sub("", " ".join(words.split()))
    while (shorter := _LOOSE_END.sub("", text)) != text:
        text = shorter
    return text


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= _MOST_PROBLEM else f"{sentence[: _MOST_PROBLEM - 1]}…"
