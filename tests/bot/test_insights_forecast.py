"""How many to expect: a range, only with enough to go by, and never wider than those who said yes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.forecast import Expected, expect, is_enough
from bot.insights.numbers import Portion

# Of twenty-four who said yes to three town halls, fifteen came.
THREE = (Portion(5, 8), Portion(4, 8), Portion(6, 8))
portions = st.integers(0, 40).flatmap(lambda whole: st.builds(Portion, st.integers(0, whole), st.just(whole)))


def test_twelve_said_yes_and_six_to_ten_are_expected() -> None:
    # Wilson 15 of 24 is 0.4559 to 0.7678; of 12 that is 5.47 to 9.21.
    assert expect(12, THREE) == Expected(12, 5, 10)
    assert Expected(12, 5, 10).said == "12 said yes; expect 5 to 10."


def test_the_more_is_known_the_narrower_the_range() -> None:
    # Wilson 150 of 240 is 0.5725 to 0.6746.
    assert expect(12, THREE * 10) == Expected(12, 6, 9)
    assert Expected(12, 6, 9).said == "12 said yes; expect 6 to 9."


@pytest.mark.parametrize(
    ("past", "enough"),
    [
        ((), False),
        ((Portion(10, 15), Portion(10, 15)), False),  # two gatherings
        ((Portion(5, 6), Portion(5, 6), Portion(5, 7)), False),  # nineteen who said yes
        ((Portion(5, 6), Portion(5, 7), Portion(5, 7)), True),
        ((Portion(0, 20), Portion(0, 0), Portion(0, 0)), True),
    ],
)
def test_three_gatherings_and_twenty_who_said_yes_are_enough(past: tuple[Portion, ...], *, enough: bool) -> None:
    assert is_enough(past) is enough
    assert (expect(10, past) is not None) is enough


def test_a_new_kind_of_gathering_goes_by_all_that_the_movement_held() -> None:
    assert expect(12, THREE[:2], THREE) == expect(12, THREE)
    assert expect(12, THREE, (Portion(0, 500),) * 3) == expect(12, THREE)
    assert expect(12, THREE[:2], THREE[:1]) is None


def test_of_a_few_nothing_is_said() -> None:
    assert expect(4, THREE) is None
    assert expect(5, THREE) == Expected(5, 2, 4)


def test_where_everybody_always_came_it_can_be_everybody() -> None:
    assert expect(10, (Portion(10, 10),) * 3) == Expected(10, 9, 10)
    assert expect(10, (Portion(0, 10),) * 3) == Expected(10, 0, 1)
    assert Expected(10, 9, 9).said == "10 said yes; expect about 9."


@given(st.integers(0, 500), st.lists(portions, max_size=6), st.lists(portions, max_size=6))
def test_the_range_lies_within_those_who_said_yes_and_in_any_order(
    yes: int, past: list[Portion], elsewhere: list[Portion]
) -> None:
    found = expect(yes, past, elsewhere)
    assert found == expect(yes, past[::-1], elsewhere[::-1])
    if found is not None:
        assert 0 <= found.least <= found.most <= yes
