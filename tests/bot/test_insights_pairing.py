"""Who listens to whom, when they could, whether they talked, and what acts were for: the rules, against brute force."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.pairing import NEVER, Pairing, pair_up, since_they_met
from bot.insights.purposes import Purposes, count_purposes, spoken_purposes
from bot.insights.talks import NOT_YET, WONT, YES, Said, Verdict, judge
from bot.insights.waking import LONG, can_meet, shared_hours, suggest_times

ANA, BEN, CHI = 1, 2, 3
Groups = Sequence[tuple[int, ...]]
Met = dict[frozenset[int], int]
NOBODY_SLEEPS = "UTC"
NOW = datetime(2026, 11, 1, 11, 0, tzinfo=UTC)


def anybody(_people: Collection[int]) -> bool:
    return True


def quiet(at: datetime, zone: str) -> bool:
    """22:00 to 07:00, as movements begin."""
    return not 7 <= at.astimezone(ZoneInfo(zone)).hour < 22


# ------------------------------------------------------------------------------------------------ who with whom


def all_ways(people: Sequence[int], *, trio: bool = True) -> Iterator[list[tuple[int, ...]]]:
    """Every way to put people into pairs and at most one trio, some left alone."""
    if not people:
        yield []
        return
    first, *rest = people
    yield from all_ways(rest, trio=trio)
    for other in rest:
        for way in all_ways([one for one in rest if one != other], trio=trio):
            yield [(first, other), *way]
    for other, third in combinations(rest, 2) if trio else ():
        for way in all_ways([one for one in rest if one not in (other, third)], trio=False):
            yield [(first, other, third), *way]


def worth(groups: Groups, waits: dict[int, int], met: Met) -> tuple[int, int, float]:
    placed = [one for group in groups for one in group]
    ages = [met.get(frozenset(two), NEVER) for group in groups for two in combinations(group, 2)]
    return len(placed), sum(waits[one] for one in placed), min(ages, default=NEVER)


@given(st.integers(0, 2**32))
def test_nobody_could_be_seated_better_and_no_meeting_is_repeated_that_need_not_be(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - made-up people
    people = chance.sample(range(50), chance.randint(0, 6))
    waits = {one: chance.choice([0, 0, 1, 2]) for one in people}
    apart, known = chance.choice([0, 0.3, 0.7]), chance.choice([0, 0.5, 0.9])
    never = {frozenset(two) for two in combinations(people, 2) if chance.random() < apart}
    met = {frozenset(two): chance.randint(1, 4) for two in combinations(people, 2) if chance.random() < known}

    def may(group: Collection[int]) -> bool:
        return never.isdisjoint(frozenset(two) for two in combinations(group, 2))

    found = pair_up(waits, met=met, can_meet=may, seed=seed)
    best = max(worth(way, waits, met) for way in all_ways(people) if all(may(group) for group in way))
    assert worth(found.groups, waits, met) == best
    assert all(may(group) for group in found.groups)
    assert sorted([*(one for group in found.groups for one in group), *found.left_out]) == sorted(people)
    assert set(found.unreachable) == {
        one for one in people if all(frozenset((one, other)) in never for other in people if other != one)
    }
    assert found == pair_up(dict(reversed(waits.items())), met=met, can_meet=may, seed=seed)


def test_five_people_are_a_pair_and_a_trio() -> None:
    found = pair_up(dict.fromkeys(range(5), 0), met={}, can_meet=anybody, seed=1)
    assert sorted(map(len, found.groups)) == [2, 3]


def test_one_person_alone_has_nobody_and_two_who_cannot_meet_have_neither() -> None:
    assert pair_up({ANA: 0}, met={}, can_meet=anybody, seed=1) == Pairing((), (ANA,), (ANA,))
    apart = pair_up({ANA: 0, BEN: 1}, met={}, can_meet=lambda _people: False, seed=1)
    assert apart == Pairing((), (BEN, ANA), (BEN, ANA))


def test_whoever_was_left_out_goes_first_when_only_two_of_three_can_talk() -> None:
    def with_chi(people: Collection[int]) -> bool:
        return len(people) == 2 and CHI in people

    for seed in range(20):
        assert pair_up({ANA: 0, BEN: 1, CHI: 0}, met={}, can_meet=with_chi, seed=seed) == Pairing(((BEN, CHI),), (ANA,))


def test_who_waited_longer_has_the_only_partner_even_if_the_two_have_met_before() -> None:
    def with_ana(people: Collection[int]) -> bool:
        return len(people) == 2 and ANA in people

    met = {frozenset((ANA, BEN)): 3}
    for seed in range(5):
        found = pair_up({ANA: 2, BEN: 1, CHI: 0}, met=met, can_meet=with_ana, seed=seed)
        assert found == Pairing(((ANA, BEN),), (CHI,))


def test_how_long_ago_two_were_together_is_counted_in_their_own_rounds() -> None:
    rounds: list[Groups] = [[(1, 2), (3, 4)], [(1, 3)], [(1, 4), (2, 3)], [(2, 3, 5)]]
    assert since_they_met(rounds) == {
        frozenset(two): ago
        for two, ago in {
            (1, 2): 3,
            (3, 4): 2,
            (1, 3): 2,
            (1, 4): 1,
            (2, 3): 1,
            (2, 5): 1,
            (3, 5): 1,
        }.items()
    }


@pytest.mark.parametrize("people", [6, 7, 20, 21])
def test_round_after_round_nobody_has_the_same_partner_twice_running(people: int) -> None:
    rounds: list[Groups] = []
    for seed in range(12):
        rounds.append(
            pair_up(dict.fromkeys(range(people), 0), met=since_they_met(rounds), can_meet=anybody, seed=seed).groups
        )
    for before, after in pairwise(rounds):
        pairs = [{frozenset(two) for group in groups for two in combinations(group, 2)} for groups in (before, after)]
        assert pairs[0].isdisjoint(pairs[1])


def test_two_hundred_people_are_seated_without_repeats_and_fast() -> None:
    rounds: list[Groups] = []
    for seed in range(3):
        found = pair_up(dict.fromkeys(range(201), 0), met=since_they_met(rounds), can_meet=anybody, seed=seed)
        rounds.append(found.groups)
        assert found.left_out == ()
    met = [frozenset(two) for groups in rounds for group in groups for two in combinations(group, 2)]
    assert len(set(met)) == len(met)


# ------------------------------------------------------------------------------------------------ when


@pytest.mark.parametrize(
    ("zones", "possible"),
    [
        (("Europe/Berlin", "Europe/Berlin"), True),
        (("Europe/Berlin", "America/New_York"), True),  # 14 to 21 in Berlin
        (("Europe/Berlin", "America/Los_Angeles"), True),  # 17 to 21
        (("Europe/Berlin", "Pacific/Auckland"), False),  # twelve hours apart: one hour at either end
        (("America/New_York", "Asia/Tokyo"), True),  # 18 to 21 in New York
        (("America/New_York", "Asia/Bangkok"), False),
        (("Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo"), False),
        (("Asia/Kathmandu", "Europe/Lisbon"), True),
    ],
)
def test_two_people_can_meet_who_share_two_waking_hours(zones: tuple[str, ...], *, possible: bool) -> None:
    assert can_meet(zones, now=NOW) is possible


@given(
    st.lists(
        st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "UTC"]),
        min_size=1,
        max_size=3,
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - hypothesis wants them bare
)
def test_suggested_times_are_by_day_for_everybody_ahead_and_within_a_week(zones: list[str], at: datetime) -> None:
    now = at.replace(tzinfo=UTC)
    times = suggest_times(zones, now=now, is_quiet=quiet)
    assert list(times) == sorted(set(times))
    assert len(times) <= 3
    assert len(times) >= 2 or not can_meet(zones, now=now)
    for time in times:
        assert now + timedelta(hours=12) <= time <= now + timedelta(days=7)
        for zone in zones:
            local, end = time.astimezone(ZoneInfo(zone)), (time + LONG).astimezone(ZoneInfo(zone))
            assert (local.hour, local.minute) >= (8, 0)
            assert (end.hour, end.minute) <= (21, 0)


def test_three_evenings_are_suggested_and_over_the_change_of_the_clocks_they_stay_evenings() -> None:
    now = datetime(2026, 10, 22, 12, 0, tzinfo=UTC)
    local = [
        at.astimezone(ZoneInfo("Europe/Berlin")) for at in suggest_times(["Europe/Berlin"] * 2, now=now, is_quiet=quiet)
    ]
    assert [f"{at:%a %d %H:%M}" for at in local] == ["Fri 23 17:00", "Sun 25 10:00", "Tue 27 18:00"]


def test_quiet_hours_leave_only_what_is_not_quiet_or_nothing() -> None:
    late = suggest_times(["UTC"], now=NOW, is_quiet=lambda at, _zone: at.hour < 20)
    assert [at.hour for at in late] == [20, 20, 20]
    assert suggest_times(["UTC"], now=NOW, is_quiet=lambda _at, _zone: True) == ()


def test_waking_hours_of_one_zone_are_eight_to_nine_in_the_evening() -> None:
    assert shared_hours([NOBODY_SLEEPS], now=NOW)[:2] == [
        (NOW, NOW.replace(hour=21)),
        (datetime(2026, 11, 2, 8, 0, tzinfo=UTC), datetime(2026, 11, 2, 21, 0, tzinfo=UTC)),
    ]


# ------------------------------------------------------------------------------------------------ whether


def said(word: str, days: float = 0) -> Said:
    return Said(word, NOW + timedelta(days=days)) if word else Said()


@pytest.mark.parametrize(
    ("ana", "ben", "after_days", "came"),
    [
        (said(""), said(""), 9, set()),
        (said(YES), said(YES, 1), 1, {ANA, BEN}),
        (said(YES), said(""), 2.9, set()),
        (said(YES), said(""), 3, {ANA, BEN}),
        (said(YES), said(WONT, 1), 9, set()),
        (said(YES), said(WONT, -1), 9, set()),
        (said(NOT_YET), said(YES, 1), 1, set()),
        (said(NOT_YET), said(YES, 1), 4, {ANA, BEN}),  # an older 'not yet' is overtaken
        (said(YES), said(NOT_YET, 1), 9, set()),  # a newer one is a no
        (said(NOT_YET), said(NOT_YET), 9, set()),
    ],
)
def test_a_talk_counts_when_both_say_so_or_one_and_the_other_does_not_say_no(
    ana: Said, ben: Said, after_days: float, came: set[int]
) -> None:
    assert judge({ANA: ana, BEN: ben}, now=NOW + timedelta(days=after_days)).came == came


def test_in_a_trio_whoever_says_no_was_not_there_and_the_others_were() -> None:
    three = {ANA: said(YES), BEN: said(WONT), CHI: said("")}
    assert judge(three, now=NOW) == Verdict(at=NOW, stands_at=NOW + timedelta(days=3))
    assert judge(three, now=NOW + timedelta(days=3)) == Verdict(came=frozenset({ANA, CHI}), at=NOW)
    assert judge(three | {CHI: said(WONT)}, now=NOW + timedelta(days=3)) == Verdict()


# ------------------------------------------------------------------------------------------------ what for


def test_mobilizing_is_told_apart_from_organizing_and_what_is_neither_is_not_counted() -> None:
    counted = count_purposes(["mobilizing", "organizing", "organizing", "", "something"])
    assert counted == Purposes(organizing=2, mobilizing=1)
    assert spoken_purposes(counted) == "2 organizing, 1 mobilizing"
    assert spoken_purposes(Purposes(0, 0)) == "no data yet"
    assert spoken_purposes(Purposes(15, 5)) == "15 organizing, 5 mobilizing"
