"""A retro under everything at once: whatever people, clocks and platforms do, no note is lost, no vote is too many."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from bot.chat import Action, Answer, Problems
from bot.tables import Mark, MarkKey, Occurrence, Post
from rituals.retro.phases import may_move
from rituals.retro.tables import Retro, RetroNote, RetroTopic, RetroVote
from tests.town import RIVER, Town

WHO = st.sampled_from(["ana", "ben", "chi", "dee"])
WORDS = st.sampled_from(["The key was lost", "The key got lost", "Soup", "*Rain* <b>", "Start at ten"])
EXAMPLES = int(os.environ.get("RETRO_EXAMPLES", "8"))
STEPS = int(os.environ.get("RETRO_STEPS", "25"))
EACH, ON_ONE = 3, 2


@dataclass
class Written:
    """A note as the machine remembers it; its words are its own. ``frozen``: nobody can change it any more."""

    key: str
    words: str
    frozen: bool = False


class Retros(RuleBasedStateMachine):
    """Four people, their retros, and everything that can happen to them."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.town = Town(url)
        self.numbers = itertools.count()
        self.notes: list[Written] = []
        self.votes: dict[tuple[str, int], int] = {}
        self.seen: tuple[int, str] = (0, "closed")
        self.run(self.town.start_movement())

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever it gives
        return self.runner.run(what)

    def teardown(self) -> None:
        self.run(self.town.close())
        self.runner.close()

    # ---------------------------------------------------------------------------------------- what there is

    def newest(self) -> Retro | None:
        with self.town.drumbeat.database.reading() as db:
            return db.scalar(select(Retro).order_by(Retro.occurrence_id.desc()).limit(1))

    def topics(self) -> list[RetroTopic]:
        with self.town.drumbeat.database.reading() as db:
            here = RetroTopic.occurrence_id == self.seen[0]
            return sorted(db.scalars(select(RetroTopic).where(here)), key=lambda one: (one.name, one.id))

    def rows(self) -> dict[str, RetroNote]:
        """Every note there is, by its words; one that was taken back while it waited has none."""
        with self.town.drumbeat.database.reading() as db:
            rows = list(db.scalars(select(RetroNote).where(RetroNote.words != "")))
        assert len({row.words for row in rows}) == len(rows)
        return {row.words: row for row in rows}

    def follow(self) -> None:
        """See how far the retro has come, and that it came there as it may."""
        newest = self.newest()
        if newest is None:
            return
        before, now = self.seen, (newest.occurrence_id, newest.phase)
        if before == now:
            return
        if before[0] != now[0]:
            assert before[1] == "closed"
            before = (now[0], "gather")
        # Several deadlines can pass while nobody looks: then it went on, and on.
        assert before[1] == now[1] or may_move(before[1], now[1]), (before, now)
        rows = self.rows()
        for note in self.notes:
            row = rows[note.words]
            shown = before[1] != now[1] and before[1] in ("gather", "group")
            if row.occurrence_id == now[0] and (shown or now[1] == "closed"):
                note.frozen = True
        if before[1] == "vote" and now[1] == "discuss":
            totals = Counter[int]()
            for (_, topic), votes in self.votes.items():
                totals[topic] += votes
            with self.town.drumbeat.database.reading() as db:
                kept = {one.id: one.votes for one in db.scalars(select(RetroTopic))}
            assert {topic: kept[topic] for topic in totals} == dict(totals)
        if now[1] != "vote":
            self.votes = {}
        self.seen = now

    def phase(self) -> str:
        return self.seen[1]

    # ---------------------------------------------------------------------------------------- notes

    def submit(self, who: str, occurrence: int, note: Written, words: str, column: str) -> Answer:
        action = Action("retro", "note", f"{occurrence}/{note.key}", 1)
        given: dict[str, str | tuple[str, ...]] = {"note": words, "column": (column,)}
        answer: Answer = self.run(self.town.submit(who, action, given, place=self.town.place(RIVER)))
        # The platform delivers it a second time.
        self.run(self.town.submit(who, action, given, place=self.town.place(RIVER)))
        return answer

    def word(self, words: str) -> str:
        return f"{words} {next(self.numbers)}"

    @rule(who=WHO, words=WORDS, column=st.sampled_from("012"))
    def write(self, who: str, words: str, column: str) -> None:
        note = Written(f"key-{next(self.numbers):012}", self.word(words))
        open_now = self.phase() != "closed"
        answer = self.submit(who, self.seen[0] if open_now else 0, note, note.words, column)
        assert not isinstance(answer, Problems)
        self.notes.append(note)

    @precondition(lambda self: self.notes)
    @rule(who=WHO, which=st.integers(0, 30), words=WORDS)
    def change(self, who: str, which: int, words: str) -> None:
        """Change a note with its key, where it lies by now."""
        note = self.notes[which % len(self.notes)]
        row = self.rows()[note.words]
        fresh = self.word(words)
        answer = self.submit(who, row.occurrence_id or 0, note, fresh, "0")
        if note.frozen:
            assert isinstance(answer, Problems)
        else:
            note.words = fresh

    @precondition(lambda self: self.notes)
    @rule(who=WHO, which=st.integers(0, 30))
    def take_back(self, who: str, which: int) -> None:
        note = self.notes[which % len(self.notes)]
        self.run(self.town.press_kept(who, Action("retro", "drop", f"0/{note.key}", 1)))
        if not note.frozen:
            self.notes.remove(note)

    # ---------------------------------------------------------------------------------------- votes and topics

    @precondition(lambda self: self.phase() == "vote")
    @rule(who=WHO, which=st.integers(0, 30), votes=st.integers(0, 3), again=st.booleans())
    def vote(self, who: str, which: int, votes: int, *, again: bool) -> None:
        topics = self.topics()
        topic = topics[which % len(topics)].id
        action = Action("retro", "vote", f"{self.seen[0]}/0", 1)
        for _ in range(1 + again):
            said = self.run(self.town.press_kept(who, action, choice=f"{topic}/{votes}"))
        others = sum(count for (voter, other), count in self.votes.items() if voter == who and other != topic)
        if votes <= ON_ONE and others + votes <= EACH:
            self.votes[who, topic] = votes
        else:
            assert said.startswith("No more votes fit there.")

    @precondition(lambda self: self.phase() == "group")
    @rule(verb=st.sampled_from(["join", "split", "take-out"]), one=st.integers(0, 30), other=st.integers(0, 30))
    def arrange(self, verb: str, one: int, other: int) -> None:
        topics = self.topics()
        topic = topics[one % len(topics)].id
        choice = str(topics[other % len(topics)].id)
        if verb == "take-out":
            inside = sorted(row.id for row in self.rows().values() if row.topic_id == topic)
            choice = str(inside[other % len(inside)])
        self.run(self.town.press_kept("ana", Action("retro", verb, f"{self.seen[0]}/{topic}", 1), choice=choice))

    # ---------------------------------------------------------------------------------------- the facilitator

    @precondition(lambda self: self.phase() == "closed")
    @rule()
    def start(self) -> None:
        self.run(self.town.command("ana", "/retro now"))
        self.run(self.town.fill("ana"))

    @precondition(lambda self: self.phase() != "closed")
    @rule(verb=st.sampled_from(["next", "next", "next", "back", "close"]), late=st.booleans())
    def move(self, verb: str, *, late: bool) -> None:
        """Move it, sometimes with a button that was pressed in the first phase."""
        if verb == "close" and late:
            return
        phase = "gather" if late else self.phase()
        self.run(self.town.press_kept("ana", Action("retro", verb, f"{self.seen[0]}/{phase}", 1)))

    @rule(who=WHO, on=st.booleans())
    def finish(self, who: str, *, on: bool) -> None:
        verb = "finished" if on else "unfinished"
        self.run(self.town.press_kept(who, Action("retro", verb, f"{self.seen[0]}/{self.phase()}", 1)))

    # ---------------------------------------------------------------------------------------- time

    @rule(hours=st.sampled_from([1, 5, 25, 50]))
    def wait(self, hours: int) -> None:
        self.run(self.town.wait(hours=hours))

    @rule(hours=st.sampled_from([3, 30, 24 * 9]))
    def be_down(self, hours: int) -> None:
        self.town.jump(self.town.clock() + timedelta(hours=hours))
        self.run(self.town.settle())

    @rule()
    def restart(self) -> None:
        self.run(self.town.restart())

    # ---------------------------------------------------------------------------------------- always

    @invariant()
    def all_is_well(self) -> None:
        self.follow()
        self.no_note_is_lost_or_doubled_and_phases_move_as_they_may()
        self.every_note_that_is_shown_is_in_one_topic_and_no_topic_is_empty()
        self.nobody_has_more_votes_than_they_may()
        self.at_most_one_retro_is_open_and_a_closed_one_leaves_no_mark()
        self.a_note_is_hidden_until_it_is_shown()

    def no_note_is_lost_or_doubled_and_phases_move_as_they_may(self) -> None:
        rows = self.rows()
        assert sorted(rows) == sorted(note.words for note in self.notes)
        for note in self.notes:
            assert (rows[note.words].token == "") == note.frozen, note
            assert rows[note.words].member_id is None

    def every_note_that_is_shown_is_in_one_topic_and_no_topic_is_empty(self) -> None:
        rows = [row for row in self.rows().values() if row.occurrence_id == self.seen[0]]
        if self.phase() in ("group", "vote", "discuss"):
            assert {row.topic_id for row in rows} == {one.id for one in self.topics()}

    def nobody_has_more_votes_than_they_may(self) -> None:
        with self.town.drumbeat.database.reading() as db:
            votes = list(db.scalars(select(RetroVote)))
        given = Counter[str]()
        for one in votes:
            assert 1 <= one.votes <= ON_ONE
            given[one.mark] += one.votes
        assert all(count <= EACH for count in given.values())
        assert sum(given.values()) == sum(self.votes.values())
        assert self.phase() == "vote" or not votes

    def at_most_one_retro_is_open_and_a_closed_one_leaves_no_mark(self) -> None:
        with self.town.drumbeat.database.reading() as db:
            retros = list(db.scalars(select(Retro)))
            states = {one.id: one.state for one in db.scalars(select(Occurrence))}
            marks = [*db.scalars(select(Mark.scope)), *db.scalars(select(MarkKey.scope))]
        assert sum(one.phase != "closed" for one in retros) <= 1
        for one in retros:
            assert (one.phase == "closed") == (states[one.occurrence_id] != "open")
        assert {scope.split(":")[1] for scope in marks} <= {str(self.seen[0])}
        assert self.phase() != "closed" or not marks

    def a_note_is_hidden_until_it_is_shown(self) -> None:
        words = "\n".join(str(row["view"]) for row in self.town.rows(Post))
        rows = self.rows()
        for note in self.notes:
            assert note.frozen or rows[note.words].topic_id is not None or f"'{note.words}'" not in words


def test_no_note_is_lost_and_no_vote_too_many_whatever_happens(sqlite_template: Path, tmp_path: Path) -> None:
    numbers = itertools.count()

    def begin() -> Retros:
        return Retros(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / f'{next(numbers)}.db')}")

    run_state_machine_as_test(
        begin,  # type: ignore[arg-type] # what makes a machine does as well as its class
        settings=settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],  # making a failure smaller takes minutes; its steps are told as they are
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )
