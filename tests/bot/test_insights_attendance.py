"""Who came, when several sources tell different things: every combination that can happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.attendance import (
    UNKNOWN,
    Finding,
    Told,
    hosts_of,
    is_enough,
    is_told,
    resolve,
    spoken,
    time_in,
    was_held,
)

START = datetime(2026, 11, 5, 18, tzinfo=UTC)
WORDS = {"c": "came", "a": "away", "e": "excused"}


def at(minutes: float) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minutes)


def told(written: str) -> list[Told]:
    """What was told, as 'call:c roll:a': the source and what it says; one after the other."""
    pairs = [one.split(":") for one in written.split()]
    return [Told(source, WORDS[says], at(number)) for number, (source, says) in enumerate(pairs)]  # type: ignore[arg-type]


# Everything that can be told of one person, and what counts then.
TABLE = {
    "": ("unknown", ""),
    "lead:c": ("came", "lead"),
    "call:c": ("came", "call"),
    "word:c": ("came", "word"),
    "roll:c": ("came", "roll"),
    "roll:a": ("away", "roll"),
    "roll:e": ("excused", "roll"),
    "self:c": ("came", "self"),
    "self:a": ("away", "self"),
    # Several tell the same: what is measured on the spot counts before what somebody ticked.
    "word:c call:c roll:c": ("came", "call"),
    "word:c roll:c": ("came", "word"),
    "call:c lead:c": ("came", "lead"),
    # Being seen, saying the word and having run it beat a roll call that leaves somebody out or excuses them.
    "call:c roll:a": ("came", "call"),
    "word:c roll:a": ("came", "word"),
    "lead:c roll:a": ("came", "lead"),
    "call:c roll:e": ("came", "call"),
    "word:c roll:e": ("came", "word"),
    # One's own word beats all, either way.
    "roll:a self:c": ("came", "self"),
    "roll:e self:c": ("came", "self"),
    "roll:c self:a": ("away", "self"),
    "call:c self:a": ("away", "self"),
    "word:c self:a": ("away", "self"),
    "lead:c self:a": ("away", "self"),
    "call:c word:c roll:c self:a": ("away", "self"),
    # A roll call that is filed again after a correction does not undo it; the host answers the correction itself.
    "self:c roll:a": ("came", "self"),
    "self:a roll:c": ("away", "self"),
    # The host's answer ends it, whatever else is told.
    "roll:a self:c host:a": ("away", "host"),
    "call:c self:a host:c": ("came", "host"),
    "call:c roll:c self:c host:a": ("away", "host"),
    # Until whoever runs it calls the roll once more.
    "self:c host:a roll:c": ("came", "roll"),
    "self:a host:c roll:e": ("excused", "roll"),
}


@pytest.mark.parametrize(("written", "counts"), TABLE.items(), ids=[written or "nothing" for written in TABLE])
def test_one_source_counts_whatever_is_told(written: str, counts: tuple[str, str]) -> None:
    finding = resolve(told(written))
    assert (finding.says, finding.source) == counts
    assert resolve(reversed(told(written))) == finding


SAYS = {"lead": "-c", "call": "-c", "word": "-c", "roll": "-cae", "self": "-ca", "host": "-ca"}


@given(st.permutations(sorted(SAYS)), st.integers(min_value=0, max_value=10**6), st.randoms())
def test_rules_that_hold_for_every_combination_and_every_order(order: list[str], number: int, chance: Random) -> None:
    combinations = list(product(*(SAYS[source] for source in order)))
    chosen = combinations[number % len(combinations)]
    found = {source: says for source, says in zip(order, chosen, strict=True) if says != "-"}
    if "self" not in found:
        found.pop("host", None)
    heard = told(" ".join(f"{source}:{says}" for source, says in found.items()))
    finding = resolve(heard)
    chance.shuffle(heard)
    assert resolve(heard) == finding
    assert (finding.says == "unknown") == (not found)
    assert finding.source in {*found, ""}
    if "roll" not in found and "self" not in found:
        assert finding.says != "away", "nobody is absent because they were not seen"
    if finding.says == "away" and {"lead", "call", "word"} & set(found):
        assert finding.source in {"self", "host", "roll"} & set(found)
    if "host" in found and finding.source != "roll":
        assert finding.source == "host"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Told("lead", "came", START), "you ran it"),
        (Told("lead", "came", START, by="Ben"), "Ben said you ran it"),
        (Told("call", "came", START, minutes=42), "seen in the call for 42 minutes"),
        (Told("call", "came", START, minutes=1), "seen in the call for 1 minute"),
        (Told("call", "came", START), "seen in the call"),
        (Told("word", "came", START), "you wrote the word"),
        (Told("roll", "came", START, by="Ben"), "ticked by Ben"),
        (Told("roll", "away", START, by="Ben"), "not ticked by Ben"),
        (Told("roll", "excused", START, by="Ben"), "excused by Ben"),
        (Told("roll", "came", START), "ticked by whoever ran it"),
        (Told("self", "away", START), "you said so"),
        (Told("host", "away", START, by="Ben"), "Ben answered so"),
    ],
)
def test_it_is_said_how_it_is_known(one: Told, said: str) -> None:
    assert spoken(resolve([one])) == said


def test_what_nobody_told_is_said_so() -> None:
    assert spoken(UNKNOWN) == "nobody has told me"


# ------------------------------------------------------------------------------------------------ calls


@pytest.mark.parametrize(
    ("visits", "minutes"),
    [
        ([], 0),
        ([(-10, 12)], 12),
        ([(50, 80)], 10),
        ([(0, None)], 60),
        ([(-20, -5)], 0),
        ([(70, 80)], 0),
        # Out and in again, into the next room and back, and two lines at once.
        ([(0, 5), (7, 12)], 10),
        ([(7, 12), (0, 5)], 10),
        ([(0, 30), (10, 20)], 30),
        ([(0, 30), (10, None)], 60),
        ([(0, 5), (5, 5), (5, 9)], 9),
    ],
)
def test_time_in_a_call_is_added_up_within_its_hour(visits: list[tuple[float, float | None]], minutes: int) -> None:
    seen = time_in(
        [(at(came), at(left) if left is not None else None) for came, left in visits], since=START, until=at(60)
    )
    assert seen == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("seen", "length", "enough"),
    [
        (10, 60, True),
        (9.99, 60, False),
        (5, 10, True),
        (4.99, 10, False),
        (10, 20, True),
        (9, 18, True),
        (0, 60, False),
    ],
)
def test_ten_minutes_are_enough_or_half_of_it(seen: float, length: float, enough: bool) -> None:  # noqa: FBT001
    assert is_enough(timedelta(minutes=seen), length=timedelta(minutes=length)) is enough


# ------------------------------------------------------------------------------------------------ the whole


def found(**by_source: str) -> dict[int, Finding]:
    """Findings of people 1, 2, …: a source each that says they came; 'away' is a roll call that says they did not."""
    sources = [source for source, count in by_source.items() for _ in range(int(count))]
    return {
        number: resolve([Told("roll", "away", START) if source == "away" else Told(source, "came", START)])  # type: ignore[arg-type]
        for number, source in enumerate(sources, start=1)
    }


@pytest.mark.parametrize(
    ("findings", "yes", "hidden", "known"),
    [
        ({}, (), (), False),
        ({}, (1, 2), (), False),
        # All who said yes are known.
        (found(word="2"), (1, 2), (), True),
        (found(word="2", away="1"), (1, 2, 3), (), True),
        (found(word="1"), (1,), (), False),
        # A few words said aloud do not tell of the others.
        (found(word="2"), (1, 2, 3), (), False),
        (found(word="5"), (), (), False),
        # The call shows it, unless it may have been another room.
        (found(call="2"), (), (), True),
        (found(call="2"), (1, 2, 3, 4), (), True),
        (found(call="2"), (1, 2, 3, 4, 5), (), False),
        (found(call="3"), (4, 5), (), False),
        (found(call="1", word="1"), (1, 2, 3), (), False),
        # Whoever does not want to be seen there cannot be missed there.
        (found(call="3"), (1, 2, 3, 4), (4,), False),
        (found(call="3"), (1, 2, 3, 4), (3,), True),
    ],
)
def test_who_came_is_known_without_a_roll_call_only_where_that_is_certain(
    findings: dict[int, Finding],
    yes: tuple[int, ...],
    hidden: tuple[int, ...],
    known: bool,  # noqa: FBT001
) -> None:
    assert is_told(findings, yes, hidden) is known


@pytest.mark.parametrize(
    ("leads", "named", "hosts"),
    [
        ((), None, set()),
        ((), 1, {1}),
        # That nobody saw the named host says nothing; a roll call that says that they were not there does.
        ((), 9, {9}),
        ((), 3, set()),
        ((2,), 1, {2}),
        ((1, 2), None, {1, 2}),
        # Whoever says that they were not there did not run it.
        ((3,), 1, {1}),
    ],
)
def test_the_host_is_who_ran_it_or_else_who_meant_to_unless_they_were_not_there(
    leads: tuple[int, ...], named: int | None, hosts: set[int]
) -> None:
    assert hosts_of(found(call="2", away="1"), leads=leads, named=named) == hosts


@pytest.mark.parametrize(
    ("findings", "hosted", "others", "held"),
    [
        (found(lead="1", word="1"), True, 0, True),
        (found(lead="1", away="3"), True, 0, False),
        (found(lead="1"), True, 1, True),
        (found(word="5"), False, 3, False),
        ({}, True, 2, True),
        ({}, False, 0, False),
    ],
)
def test_it_was_held_with_a_host_and_two_people(
    findings: dict[int, Finding],
    hosted: bool,  # noqa: FBT001
    others: int,
    held: bool,  # noqa: FBT001
) -> None:
    assert was_held(findings, hosted=hosted, others=others) is held
