"""What a movement celebrates: which effort the ledger shows, and what organizers could look at in their thanks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["outcome", "effort"]
Hint = Literal[
    "Thank effort too",
    "Any results to show?",
    "one person gets most thanks",
    "more applause than action",
    "add what changed",
]

WINDOW = timedelta(days=90)
# With fewer celebrations, thanks or active people than this nothing is said.
FEWEST = 5
LITTLE_EFFORT = 0.2
MOSTLY_EFFORT = 0.9
MOST = 0.5

# What shows that somebody took part in an occurrence.
TAKING_PART = frozenset({"attended", "hosted", "checkin_answer"})

IN_A_ROW = 6
FEWEST_PROMISES = 3
# What lies longer back is no news.
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Celebration:
    """A win as the figures see it: its kind, who was thanked, and whether it came with a link or a number."""

    kind: Kind
    thanked: tuple[int, ...] = ()
    evidence: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """An occurrence that is over: when it was planned, whether it was held, and who took part."""

    at: datetime
    held: bool
    people: frozenset[int]


Break = tuple[datetime, datetime | None]


def give_hints(celebrations: Sequence[Celebration], *, acts: int, active: int) -> tuple[Hint, ...]:
    """Tell what the celebrations of ninety days leave out; nothing while there are few."""
    if len(celebrations) < FEWEST:
        return ()
    effort = sum(one.kind == "effort" for one in celebrations) / len(celebrations)
    thanks = Counter(person for one in celebrations for person in one.thanked)
    outcomes = [one for one in celebrations if one.kind == "outcome"]
    bare = sum(not one.evidence for one in outcomes)
    holds: tuple[tuple[Hint, bool], ...] = (
        ("Thank effort too", effort < LITTLE_EFFORT),
        ("Any results to show?", effort > MOSTLY_EFFORT),
        (
            "one person gets most thanks",
            active >= FEWEST and thanks.total() >= FEWEST and max(thanks.values()) > MOST * thanks.total(),
        ),
        ("more applause than action", 2 * len(celebrations) > acts),
        ("add what changed", len(outcomes) >= FEWEST and bare > MOST * len(outcomes)),
    )
    return tuple(hint for hint, is_so in holds if is_so)


def came_every_time(runs: Sequence[Run], member: int, *, breaks: Collection[Break] = (), now: datetime) -> bool:
    """Tell whether somebody took part in the last six times of a ritual, the newest of them lately.

    Times that fell into an announced break are passed over, and so are those that did not come about without them.
    """
    counted = [run for run in runs if member in run.people or (run.held and not _covers(breaks, run.at))]
    latest = sorted(counted, key=lambda run: run.at)[-IN_A_ROW:]
    return len(latest) == IN_A_ROW and all(member in run.people for run in latest) and now - latest[-1].at <= LATELY


def _covers(breaks: Collection[Break], at: datetime) -> bool:
    return any(start <= at and (end is None or at < end) for start, end in breaks)


def kept_every_promise(standings: Collection[str]) -> bool:
    """Tell whether every promise of a quarter was kept in time, as it was made or agreed anew, and there were some.

    What was let go in time, or never accepted, was no promise to keep.
    """
    counted = [word for word in standings if word not in ("asked", "let go")]
    return len(counted) >= FEWEST_PROMISES and all(word in ("kept early", "kept", "renegotiated") for word in counted)


def hosted_first(hosted_at: Sequence[datetime], *, now: datetime) -> bool:
    """Tell whether somebody has hosted once, and lately."""
    return len(hosted_at) == 1 and timedelta(0) <= now - hosted_at[0] <= LATELY


def last_quarter(now: datetime) -> tuple[str, datetime, datetime] | None:
    """Name the quarter that ended lately, with its first moment and the one after its last, in the zone of ``now``.

    None in the first day after it, because what was due at its end may be done until then, and when it is no news.
    """
    start = now.replace(month=3 * ((now.month - 1) // 3) + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    if not timedelta(days=1) < now - start <= LATELY:
        return None
    before = start.replace(year=start.year - (start.month == 1), month=(start.month - 4) % 12 + 1)
    return f"{before.year}q{(before.month + 2) // 3}", before, start
