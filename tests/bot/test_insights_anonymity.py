"""Anonymous answers are released many at once or not at all: the worked example, and what must hold always."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.anonymity import may_compare, may_offer, release

figures = st.lists(st.integers(1, 5), max_size=30)


@pytest.mark.parametrize(
    ("on_time", "late", "shown"), [(4, 0, 0), (5, 0, 5), (7, 0, 7), (7, 2, 7), (7, 4, 7), (7, 6, 13), (4, 9, 0)]
)
def test_how_many_answers_are_shown(on_time: int, late: int, shown: int) -> None:
    assert len(release([3] * on_time, [3] * late)) == shown


@pytest.mark.parametrize(("inside", "outside", "may"), [(6, 6, True), (6, 4, False), (4, 16, False), (5, 5, True)])
def test_a_group_is_shown_apart_only_when_the_rest_is_large_enough_too(inside: int, outside: int, may: bool) -> None:  # noqa: FBT001
    assert may_compare(inside, outside) == may


@pytest.mark.parametrize(("people", "may"), [(0, False), (4, False), (5, True), (500, True)])
def test_among_fewer_than_five_anonymity_is_not_offered(people: int, may: bool) -> None:  # noqa: FBT001
    assert may_offer(people) == may


def test_a_movement_may_ask_for_a_larger_group() -> None:
    assert release([3] * 7, smallest=8) == ()
    assert not may_offer(7, smallest=8)


@given(on_time=figures, late=figures)
def test_what_is_shown_tells_nothing_by_its_order_and_is_never_a_small_group(
    on_time: list[int], late: list[int]
) -> None:
    shown = release(on_time, late)
    assert list(shown) == sorted(shown)
    assert len(shown) == 0 or len(shown) >= 5
    assert len(shown) in {0, len(on_time), len(on_time) + len(late)}


@given(on_time=figures, late=figures, more=st.integers(1, 4))
def test_no_single_late_answer_changes_what_is_shown(on_time: list[int], late: list[int], more: int) -> None:
    if len(late) + more < 5:
        assert release(on_time, [*late, *[1] * more]) == release(on_time, late)
