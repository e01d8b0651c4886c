"""What celebrations leave out, and which effort the ledger shows: the worked example, and every edge of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.celebrations import (
    Celebration,
    Run,
    came_every_time,
    give_hints,
    hosted_first,
    kept_every_promise,
    last_quarter,
)

ANA, BEN, ELI = 1, 2, 3
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
W15 = [
    *[Celebration("outcome", (ANA,))] * 4,
    Celebration("outcome", (ANA, BEN)),
    Celebration("effort", (ELI,)),
]


@pytest.mark.parametrize(
    ("acts", "hints"),
    [
        (40, ("Thank effort too", "one person gets most thanks", "add what changed")),
        (
            10,
            ("Thank effort too", "one person gets most thanks", "more applause than action", "add what changed"),
        ),
        (12, ("Thank effort too", "one person gets most thanks", "add what changed")),
    ],
)
def test_the_worked_example(acts: int, hints: tuple[str, ...]) -> None:
    assert give_hints(W15, acts=acts, active=9) == hints


def test_of_four_celebrations_nothing_is_said() -> None:
    assert give_hints(W15[:4], acts=0, active=9) == ()


@pytest.mark.parametrize(
    ("efforts", "outcomes", "hints"),
    [
        (1, 4, ()),
        (9, 1, ()),
        (10, 1, ("Any results to show?",)),
        (5, 0, ("Any results to show?",)),
        (1, 5, ("Thank effort too",)),
        (0, 5, ("Thank effort too",)),
    ],
)
def test_the_share_of_effort(efforts: int, outcomes: int, hints: tuple[str, ...]) -> None:
    wins = [Celebration("effort")] * efforts + [Celebration("outcome", evidence=True)] * outcomes
    assert give_hints(wins, acts=100, active=9) == hints


@pytest.mark.parametrize(("active", "ana", "hint"), [(5, 3, True), (4, 3, False), (5, 2, False)])
def test_most_thanks_to_one_person_are_noticed_where_there_are_others(active: int, ana: int, hint: bool) -> None:  # noqa: FBT001
    thanked = [(ANA,)] * ana + [(BEN + number,) for number in range(5 - ana)]
    wins = [Celebration("effort", who) for who in thanked[:1]] + [
        Celebration("outcome", who, evidence=True) for who in thanked[1:]
    ]
    assert ("one person gets most thanks" in give_hints(wins, acts=100, active=active)) == hint


def test_half_of_the_outcomes_without_evidence_are_not_most() -> None:
    wins = [Celebration("effort")] * 2 + [Celebration("outcome", evidence=number < 3) for number in range(6)]
    assert give_hints(wins, acts=100, active=9) == ()


celebrations = st.lists(
    st.builds(
        Celebration,
        st.sampled_from(["outcome", "effort"]),
        st.lists(st.integers(1, 9), max_size=4, unique=True).map(tuple),
        st.booleans(),
    ),
    max_size=20,
)


@given(wins=celebrations, acts=st.integers(0, 50), active=st.integers(0, 20), names=st.permutations(range(1, 10)))
def test_neither_names_nor_order_matter(wins: list[Celebration], acts: int, active: int, names: list[int]) -> None:
    renamed = [Celebration(one.kind, tuple(names[who - 1] for who in one.thanked), one.evidence) for one in wins]
    assert give_hints(wins, acts=acts, active=active) == give_hints(renamed[::-1], acts=acts, active=active)


def weeks(*came: bool | None, held: bool = True) -> list[Run]:
    """One run a week, the last one today: whether Ana was there; None where it was not held at all."""
    return [
        Run(
            NOW - timedelta(weeks=len(came) - 1 - number),
            held=held and there is not None,
            people=frozenset({ANA, BEN} if there else {BEN} if there is not None else ()),
        )
        for number, there in enumerate(came)
    ]


@pytest.mark.parametrize(
    ("runs", "so"),
    [
        (weeks(*[True] * 6), True),
        (weeks(*[True] * 5), False),
        (weeks(*[True] * 5, False, True), False),
        (weeks(False, *[True] * 6), True),
        (weeks(*[True] * 5, None, True), True),
        (weeks(*[True] * 6, False), False),
        (weeks(*[True] * 6, held=False), True),
        ([], False),
    ],
)
def test_six_in_a_row(runs: list[Run], so: bool) -> None:  # noqa: FBT001
    assert came_every_time(runs, ANA, now=NOW) == so
    assert came_every_time(runs[::-1], ANA, now=NOW) == so


def test_a_break_is_no_gap() -> None:
    runs = weeks(*[True] * 5, False, True)
    missed = runs[5].at
    assert came_every_time(runs, ANA, breaks=[(missed, missed + timedelta(days=1))], now=NOW)
    assert came_every_time(weeks(*[True] * 6, False), ANA, breaks=[(NOW, None)], now=NOW)
    assert not came_every_time(runs, ANA, breaks=[(missed - timedelta(days=1), missed)], now=NOW)


def test_six_in_a_row_long_ago_is_no_news() -> None:
    assert not came_every_time(weeks(*[True] * 6), ANA, now=NOW + timedelta(days=31))


@pytest.mark.parametrize(
    ("standings", "so"),
    [
        (["kept", "kept early", "renegotiated"], True),
        (["kept", "kept"], False),
        (["kept", "kept", "let go", "asked"], False),
        (["kept", "kept", "kept", "let go"], True),
        (["kept", "kept", "kept", "late"], False),
        (["kept", "kept", "kept", "missed"], False),
        (["kept", "kept", "kept", "open"], False),
    ],
)
def test_every_promise_of_a_quarter(standings: list[str], so: bool) -> None:  # noqa: FBT001
    assert kept_every_promise(standings) == so


@pytest.mark.parametrize(("days_ago", "so"), [((1,), True), ((31,), False), ((1, 8), False), ((), False)])
def test_hosting_for_the_first_time(days_ago: tuple[int, ...], so: bool) -> None:  # noqa: FBT001
    assert hosted_first([NOW - timedelta(days=days) for days in days_ago], now=NOW) == so


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "quarter"),
    [
        (datetime(2026, 4, 1, 23, 0, tzinfo=BERLIN), None),
        (
            datetime(2026, 4, 3, 16, 0, tzinfo=BERLIN),
            ("2026q1", datetime(2026, 1, 1, tzinfo=BERLIN), datetime(2026, 4, 1, tzinfo=BERLIN)),
        ),
        (
            datetime(2026, 1, 9, 16, 0, tzinfo=BERLIN),
            ("2025q4", datetime(2025, 10, 1, tzinfo=BERLIN), datetime(2026, 1, 1, tzinfo=BERLIN)),
        ),
        (datetime(2026, 5, 2, 16, 0, tzinfo=BERLIN), None),
        (
            datetime(2026, 10, 30, 16, 0, tzinfo=BERLIN),
            ("2026q3", datetime(2026, 7, 1, tzinfo=BERLIN), datetime(2026, 10, 1, tzinfo=BERLIN)),
        ),
    ],
)
def test_the_quarter_that_ended_lately(now: datetime, quarter: tuple[str, datetime, datetime] | None) -> None:
    assert last_quarter(now) == quarter
