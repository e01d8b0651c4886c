"""Whether more people come after a gathering was looked back on: said with enough of both, and as no proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.insights.reflection import Held, changes, reflection_words

START = datetime(2026, 1, 5, 18, tzinfo=UTC)


def row(practice: int, *gatherings: tuple[int, int]) -> list[Held]:
    """Gatherings of one kind, a week apart: how many came, and how many notes they wrote."""
    return [Held(practice, START + timedelta(weeks=week), came, notes) for week, (came, notes) in enumerate(gatherings)]


# Five that were looked back on, each followed by two more; five that were not, each followed by one fewer.
UP_AND_DOWN: Sequence[tuple[int, int]] = ((5, 2), (7, 0)) * 5 + ((5, 0),)


def test_each_gathering_is_compared_with_the_next_of_its_kind_only() -> None:
    held = row(1, (5, 1), (8, 0), (6, 0)) + row(2, (30, 0), (20, 3))
    assert changes(held) == ([3], [-2, -10])


def test_the_order_in_which_gatherings_are_read_changes_nothing() -> None:
    held = row(1, *UP_AND_DOWN) + row(2, (4, 0), (9, 1), (3, 0))
    mixed = [*held[1::2], *held[::2][::-1]]
    assert (changes(mixed), reflection_words(mixed)) == (changes(held), reflection_words(held))


def test_with_five_of_each_it_is_said_as_medians() -> None:
    assert reflection_words(row(1, *UP_AND_DOWN)) == (
        "After gatherings that people looked back on, 2 more came to the next one; after the others, 2 fewer came "
        "(medians; 5 times against 5). That is no proof of a cause."
    )


def test_no_change_and_half_a_person_are_said_as_they_are() -> None:
    looked = row(1, (5, 1), (6, 1), (6, 1), (7, 1), (7, 1), (8, 1), (8, 0))
    others = row(2, (4, 0), (4, 0), (4, 0), (4, 0), (4, 0), (4, 0))
    assert reflection_words(looked + others) == (
        "After gatherings that people looked back on, 0.5 more came to the next one; after the others, as many came "
        "(medians; 6 times against 5). That is no proof of a cause."
    )


def test_with_fewer_than_five_of_either_nothing_is_said() -> None:
    assert reflection_words([]) == ""
    assert reflection_words(row(1, *UP_AND_DOWN[:-1])) == ""
    assert reflection_words(row(1, *((5, 1),) * 9)) == ""
