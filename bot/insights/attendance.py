"""Who came to a gathering, when several sources speak of it: which of them counts, and what is not known at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Source = Literal["lead", "call", "word", "roll", "self", "host"]
# Whoever stands in for a host only claims to run it, until something else says that they were there.
Says = Literal["came", "away", "excused", "claims"]

# Whoever was so long in the call was there; of a short one, half of it.
LONG_ENOUGH = timedelta(minutes=10)
# Somebody alone with nobody holds no gathering.
QUORUM = 2
# What was seen or done on the spot, in the order in which it counts. Not to be seen says nothing.
ON_THE_SPOT: tuple[Source, ...] = ("lead", "call", "word")


@dataclass(frozen=True, slots=True)
class Told:
    """What one source says about one person; ``by`` is the name of whoever told it, where a person did."""

    source: Source
    says: Says
    at: datetime
    minutes: int | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known about one person, and the one source that counts for it; none where nobody knows."""

    says: Says | Literal["unknown"] = "unknown"
    told: Told | None = None

    @property
    def came(self) -> bool:
        """Tell whether they were there."""
        return self.says == "came"

    @property
    def source(self) -> str:
        """Name the source that counts, or ''."""
        return self.told.source if self.told is not None else ""


UNKNOWN = Finding()


def resolve(told: Iterable[Told]) -> Finding:
    """Tell what is known about one person from everything that was told about them, in whatever order.

    The host's answer ends a correction, unless a roll call after it says otherwise; else one's own word counts, else
    what was seen on the spot, else the roll call. Somebody of whom nothing was told is unknown, never absent.
    """
    by_source = {one.source: one for one in told}
    host, roll = by_source.get("host"), by_source.get("roll")
    counts = roll if host is not None and roll is not None and roll.at > host.at else host
    counts = counts or by_source.get("self")
    if counts is None:
        seen = (by_source[source] for source in ON_THE_SPOT if source in by_source)
        counts = next((one for one in seen if one.says == "came"), roll)
    return Finding(counts.says, counts) if counts is not None else UNKNOWN


def spoken(finding: Finding) -> str:
    """Say to somebody how it is known whether they were there: 'seen in the call for 42 minutes'."""
    told = finding.told
    if told is None:
        return "nobody has told me"
    by = told.by or "whoever ran it"
    match told.source:
        case "lead":
            return f"{told.by} said you ran it" if told.by else "you ran it"
        case "call" if told.minutes is not None:
            return f"seen in the call for {told.minutes} {'minute' if told.minutes == 1 else 'minutes'}"
        case "call":
            return "seen in the call"
        case "word":
            return "you wrote the word"
        case "roll" if told.says == "excused":
            return f"excused by {by}"
        case "roll" if told.says == "away":
            return f"not ticked by {by}"
        case "roll":
            return f"ticked by {by}"
        case "self":
            return "you said so"
        case _:
            return f"{by} answered so"


# ------------------------------------------------------------------------------------------------ calls


def time_in(visits: Iterable[tuple[datetime, datetime | None]], *, since: datetime, until: datetime) -> timedelta:
    """Add up how long somebody was in a call within its time; visits that overlap count once, an open one lasts."""
    whole = timedelta()
    reached = since
    for came_at, left_at in sorted(visits, key=lambda visit: visit[0]):
        start, end = max(came_at, reached), min(left_at or until, until)
        if end > start:
            whole += end - start
            reached = end
    return whole


def is_enough(seen: timedelta, *, length: timedelta) -> bool:
    """Tell whether somebody who was so long in a call was at the gathering."""
    return seen >= min(LONG_ENOUGH, length / 2)


# ------------------------------------------------------------------------------------------------ the whole


def is_told(findings: Mapping[int, Finding], yes: Collection[int], hidden: Collection[int] = ()) -> bool:
    """Tell whether it is known who came although nobody called the roll.

    It is when all who said yes are known, or when the call itself shows it: two people or more were seen there, among
    them at least half of those who said yes, and nobody who said yes wants not to be seen (``hidden``). A call in which
    fewer were seen may have been the wrong room.
    """
    known = {one for one, finding in findings.items() if finding.says != "unknown"}
    came = {one for one, finding in findings.items() if finding.came}
    if len(came) < QUORUM:
        return False
    missing = set(yes) - known
    if yes and not missing:
        return True
    called = {one for one, finding in findings.items() if finding.source == "call"}
    return len(called) >= QUORUM and 2 * len(missing) <= len(yes) and not missing & set(hidden)


def hosts_of(findings: Mapping[int, Finding], *, leads: Collection[int], named: int | None) -> frozenset[int]:
    """Tell who hosted: whoever is known to have run it and was there, else the named host.

    That nobody saw the named host says nothing; only what says that they were not there takes it from them.
    """
    ran = frozenset(one for one in leads if findings.get(one, UNKNOWN).came)
    if ran or named is None or findings.get(named, UNKNOWN).says in ("away", "excused"):
        return ran
    return frozenset({named})


def was_held(findings: Mapping[int, Finding], *, hosted: bool, others: int) -> bool:
    """Tell whether it was held: somebody hosted, and two people or more were there.

    ``others`` were there, too, and have no finding: guests, and those of whom nothing is kept.
    """
    came = sum(finding.came for finding in findings.values())
    return hosted and came + others >= QUORUM
