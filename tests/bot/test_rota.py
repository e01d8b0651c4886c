"""Whose turn it is: who has not had it longest, is not away and does not carry too much already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rota import Candidate, in_turn, is_on_rota, propose, read_candidates, step_off, step_on
from bot.tables import Host, Member, Occurrence, Practice
from tests.town import Town

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_who_has_not_had_it_longest_is_proposed_and_before_all_who_never_had_it() -> None:
    ana, ben, chi = Candidate(1, days_ago(7)), Candidate(2, days_ago(21)), Candidate(3)
    assert propose([ana, ben]) == 2
    assert propose([ana, ben, chi]) == 3
    assert propose([ana, ben, chi], skipped=(3,)) == 2
    assert propose([ana, ben, chi], skipped=(1, 2, 3)) is None
    assert propose([]) is None


@pytest.mark.parametrize(
    ("candidate", "free"),
    [
        (Candidate(1, ran_lately=1), True),
        (Candidate(1, ran_lately=2), False),
        (Candidate(1, away=True), False),
    ],
)
def test_nobody_is_proposed_who_is_away_or_ran_two_lately(candidate: Candidate, *, free: bool) -> None:
    assert (propose([candidate]) is not None) is free


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), st.booleans()), max_size=8), st.integers(1, 20))
def test_turns_come_round_to_everybody_who_is_free(people: list[tuple[int, int, bool]], rounds: int) -> None:
    candidates = [Candidate(at, days_ago(ago), lately, away) for at, (ago, lately, away) in enumerate(people)]
    free = [one for one in candidates if one.free]
    assert {one.member_id for one in in_turn(candidates)} == {one.member_id for one in free}
    times = dict.fromkeys((one.member_id for one in free), 0)
    for turn in range(rounds):
        whose = propose(candidates)
        if whose is None:
            assert not free
            return
        times[whose] += 1
        candidates = [
            Candidate(one.member_id, NOW + timedelta(days=turn), one.ran_lately, one.away)
            if one.member_id == whose
            else one
            for one in candidates
        ]
    assert max(times.values()) - min(times.values()) <= 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_rota_holds_organizers_owner_understudy_and_who_stepped_on(town: Town) -> None:
    await town.start_movement()
    town.set_member("ben", role="organizer")
    with town.drumbeat.database.transaction() as db:
        people = {str(row["person"]): db.get_one(Member, row["id"]) for row in town.rows(Member)}
        practice = db.get_one(Practice, 1)
        practice.understudy_id = people["chi"].id
        assert [name for name in ("ana", "ben", "chi", "dee") if is_on_rota(practice, people[name])] == [
            "ana",
            "ben",
            "chi",
        ]
        step_on(practice, people["dee"])
        step_off(practice, people["ana"])
        step_off(practice, people["chi"])
        step_on(practice, people["chi"])
        occurrence = Occurrence(
            movement_id=1, practice_id=1, planned_at=days_ago(3), opened_at=days_ago(3), state="held"
        )
        db.add(occurrence)
        db.flush()
        db.add(Host(occurrence_id=occurrence.id, member_id=people["chi"].id, at=days_ago(3)))
        db.flush()
        assert read_candidates(db, practice, now=NOW) == [
            Candidate(people["ben"].id),
            Candidate(people["chi"].id, days_ago(3), 1),
            Candidate(people["dee"].id),
        ]
