"""Who takes part: the worked examples, who is counted at all, and what neither order nor names may change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.ladder import Trace, merge
from bot.insights.numbers import Portion, may_show_listeners
from bot.insights.participation import Participation, Somebody, Verdict, eligible, is_eligible, judge, take_part
from bot.insights.pulse import Material, Rungs, take_pulse
from tests.bot.test_insights_ladder import DAY, NOW, OLD, W2, all_traces, moments, spells

PEOPLE = {
    number: Somebody(joined=joined, breaks=merge(breaks))
    for number, (joined, _, breaks, _) in enumerate(W2.values(), start=1)
}
TRACES = {number: left for number, (_, left, _, _) in enumerate(W2.values(), start=1)}
# M4 to M8, M10 and M11 were at gatherings; the others did something else.
TURNED_UP = {number: [trace.at for trace in TRACES[number]] for number in (4, 5, 6, 7, 8, 10, 11)}


def test_the_worked_example() -> None:
    could = eligible(PEOPLE, at=NOW)
    assert could == {2, 3, 4, 5, 6, 7, 8, 9, 12}
    part = take_part(could, TRACES, TURNED_UP, at=NOW)
    assert part == Participation(eligible=9, visible=6, active=5, sync=3, leading=2)
    assert part.activation.said == "5 of 9 (about half)"
    assert (part.gap, part.reach, part.verdict) == (Portion(1, 9), Portion(5, 6), "too few to tell")
    assert part.listening == Portion(3, 9)
    assert not may_show_listeners(part.eligible, part.listening.part)


def test_a_pulse_of_the_worked_example_shows_its_active_side_alone() -> None:
    material = Material(
        zone=NOW.tzinfo or OLD.tzinfo,  # type: ignore[arg-type]
        people=PEOPLE,
        traces=TRACES,
        turned_up=TURNED_UP,
        terms={9: [(OLD, None)]},
    )
    pulse = take_pulse(material, now=NOW)
    assert (pulse.activation.now.said, pulse.activation.change) == ("5 of 9 (about half)", "no clear change")
    assert (pulse.turned_up.now, pulse.talk, pulse.verdict) == (Portion(3, 9), None, "too few to tell")
    # Of M4 to M9 and M12; M10 and M11 were away, M1 is too new.
    assert pulse.rungs == Rungs(activated=3, core=2, leading=2, digital_only=None, listening=None)
    assert [count for _, count in pulse.leaders] == [0, 0, 2]


@pytest.mark.parametrize(
    ("visible", "active", "verdict"),
    [
        (40, 9, "watch"),
        (300, 10, "illusion"),
        (20, 10, "real"),
        (9, 9, "too few to tell"),
        (10, 2, "watch"),
        (10, 1, "illusion"),
        (10, 5, "real"),
    ],
)
def test_what_talk_is_worth(visible: int, active: int, verdict: Verdict) -> None:
    assert judge(Portion(active, visible)) == verdict


@pytest.mark.parametrize(
    ("one", "counted"),
    [
        (Somebody(joined=NOW - 14 * DAY), True),
        (Somebody(joined=NOW - 14 * DAY + timedelta(seconds=1)), False),
        (Somebody(joined=OLD, left=NOW), False),
        (Somebody(joined=OLD, left=NOW + timedelta(seconds=1)), True),
        (Somebody(joined=OLD, counts=False), False),
        (Somebody(joined=OLD, breaks=((NOW - 15 * DAY, NOW),)), False),
        (Somebody(joined=OLD, breaks=((NOW - 15 * DAY + timedelta(seconds=1), NOW),)), True),
        (Somebody(joined=OLD, breaks=((NOW - 60 * DAY, NOW - 15 * DAY),)), False),
        # Of twenty days there, ten away.
        (Somebody(joined=NOW - 20 * DAY, breaks=((NOW - 10 * DAY, NOW),)), False),
        (Somebody(joined=NOW - 20 * DAY, breaks=((NOW - 9 * DAY, NOW),)), True),
    ],
)
def test_who_could_have_acted(one: Somebody, counted: bool) -> None:  # noqa: FBT001
    assert is_eligible(one, at=NOW) == counted


def test_a_window_ends_before_its_last_moment() -> None:
    people = {1: Somebody(joined=OLD), 2: Somebody(joined=OLD)}
    edges = {1: [Trace(NOW - 30 * DAY, 2)], 2: [Trace(NOW, 2)]}
    assert take_part({1, 2}, edges, {1: [NOW - 30 * DAY], 2: [NOW]}, at=NOW).activation == Portion(1, 2)
    assert eligible(people, at=NOW) == {1, 2}


somebody = st.builds(
    Somebody,
    joined=moments,
    left=st.none() | moments,
    breaks=spells,
    counts=st.booleans() | st.just(True),
)
movements = st.dictionaries(st.integers(1, 20), st.tuples(somebody, all_traces, st.lists(moments, max_size=4)))


def material(movement: dict[int, tuple[Somebody, list[Trace], list[datetime]]]) -> Material:
    return Material(
        zone=OLD.tzinfo,  # type: ignore[arg-type]
        people={who: one for who, (one, _, _) in movement.items()},
        traces={who: left for who, (_, left, _) in movement.items()},
        turned_up={who: came for who, (_, _, came) in movement.items()},
    )


@given(movement=movements)
def test_the_active_are_seen_and_the_seen_could_have_acted(
    movement: dict[int, tuple[Somebody, list[Trace], list[datetime]]],
) -> None:
    made = material(movement)
    part = take_part(eligible(made.people, at=NOW), made.traces, made.turned_up, at=NOW)
    assert part.leading <= part.active <= part.visible <= part.eligible
    assert part.sync <= part.eligible
    assert part.gap.part >= 0


@given(movement=movements, names=st.permutations(range(1, 21)))
def test_neither_names_nor_the_order_of_arrival_change_any_figure(
    movement: dict[int, tuple[Somebody, list[Trace], list[datetime]]], names: list[int]
) -> None:
    renamed = {
        names[who - 1]: (one, left[::-1], came[::-1]) for who, (one, left, came) in reversed(list(movement.items()))
    }
    assert take_pulse(material(renamed), now=NOW) == take_pulse(material(movement), now=NOW)


@given(movement=movements)
def test_whoever_does_not_count_changes_no_figure(
    movement: dict[int, tuple[Somebody, list[Trace], list[datetime]]],
) -> None:
    counting = {who: row for who, row in movement.items() if row[0].counts}
    gone = {who: (replace(row[0], counts=False), *row[1:]) for who, row in counting.items()}
    assert take_pulse(material(counting), now=NOW) == take_pulse(material(movement), now=NOW)
    assert take_pulse(material(gone), now=NOW) == take_pulse(material({}), now=NOW)
