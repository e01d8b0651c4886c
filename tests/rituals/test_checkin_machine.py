"""Whatever people, clocks and organizers do in whatever order, the channel shows a check-in as it is."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from adapters.playground.scene import Post as Shown
from bot.chat import Quote
from bot.tables import Act, Occurrence, Post
from rituals.checkin.questions import is_scale
from rituals.checkin.tables import Asked, CheckInAnswer
from tests.town import PEOPLE, RIVER, Town

WHO = st.sampled_from(["ana", "ben", "chi", "dee"])
WORDS = st.sampled_from(["", "Planted a tree", "Called *two* neighbours", "Nothing <b>yet</b>"])
FIGURE = st.sampled_from(["1", "3", "5"])
EXAMPLES = int(os.environ.get("CHECKIN_EXAMPLES", "12"))
STEPS = int(os.environ.get("CHECKIN_STEPS", "25"))


@dataclass
class Answered:
    """What one member has answered, as the machine remembers it."""

    words: dict[str, str] = field(default_factory=dict)
    passed: bool = False
    late: bool = False
    on_page: bool = False

    def entry(self, name: str, questions: list[str]) -> tuple[str, str]:
        """How it stands on a page."""
        lines = [
            f"{number}. {self.words[str(number)]}"
            for number, question in enumerate(questions, start=1)
            if self.words.get(str(number)) and not is_scale(question)
        ]
        return f"{name} (added later)" if self.late else name, "\n".join(lines) or "(answered)"


class CheckIns(RuleBasedStateMachine):
    """Four people, one weekly check-in, and everything that can happen to it."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.town = Town(url)
        self.answers: dict[int, dict[str, Answered]] = {}
        self.closed_by_hand: set[int] = set()
        self.paused = False
        self.run(self.begin())

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever it gives
        return self.runner.run(what)

    async def begin(self) -> None:
        await self.town.start_movement()
        await self.town.command("ana", "/checkin settings")
        await self.town.fill("ana", change_every="1")
        await self.rest()

    async def rest(self) -> None:
        """Let even the slowest edit, of a post that is hours old, come to rest."""
        await self.town.settle()
        while (wake := await self.town.drumbeat.courier.next_wake()) and wake <= self.town.clock() + timedelta(
            seconds=70
        ):
            self.town.clock.move_to(max(wake, self.town.clock() + timedelta(milliseconds=1)))
            await self.town.drumbeat.settle()
        for occurrence in self.occurrences():
            self.answers.setdefault(occurrence.id, {})

    def teardown(self) -> None:
        self.run(self.town.close())
        self.runner.close()

    # ---------------------------------------------------------------------------------------- what there is

    def occurrences(self) -> list[Occurrence]:
        """The check-ins that were asked, oldest first."""
        with self.town.drumbeat.database.reading() as db:
            return list(
                db.scalars(select(Occurrence).join(Asked, Asked.occurrence_id == Occurrence.id).order_by(Occurrence.id))
            )

    def newest(self) -> Occurrence | None:
        return next(reversed(self.occurrences()), None)

    def board(self, occurrence: Occurrence) -> Shown | None:
        with self.town.drumbeat.database.reading() as db:
            message = db.scalar(select(Post.message_id).where(Post.key == f"check-in:board:{occurrence.id}"))
        return self.town.room.message(message) if message else None

    def questions(self, occurrence: Occurrence) -> list[str]:
        with self.town.drumbeat.database.reading() as db:
            return db.get_one(Asked, occurrence.id).questions

    def asked(self) -> tuple[Occurrence, Shown] | None:
        """The newest check-in and its prompt."""
        newest = self.newest()
        board = self.board(newest) if newest is not None else None
        return (newest, board) if newest is not None and board is not None else None

    def mine(self, occurrence: Occurrence, who: str) -> Answered:
        """The member's answer, made where there is none or only a pass."""
        mine = self.answers[occurrence.id].get(who)
        if mine is None or mine.passed:
            late = occurrence.state != "open"
            mine = self.answers[occurrence.id][who] = Answered(late=late)
        return mine

    # ---------------------------------------------------------------------------------------- people

    @precondition(lambda self: self.asked() is not None)
    @rule(who=WHO, first=WORDS, second=WORDS, figure=FIGURE)
    def answer_by_form(self, who: str, first: str, second: str, figure: str) -> None:
        occurrence, board = self.asked() or (None, None)
        assert occurrence is not None
        questions = self.questions(occurrence)
        given = [
            figure if is_scale(question) else words
            for question, words in zip(questions, (first, second, ""), strict=False)
        ]
        label = "Check in" if occurrence.state == "open" else "Add a late answer"
        self.run(self.town.press(who, label, on=board))
        fields = {
            f"q{number}": (words,) if is_scale(question) else words
            for number, (question, words) in enumerate(zip(questions, given, strict=True), start=1)
        }
        said = self.run(self.town.fill(who, **fields, did=""))
        words = {str(number): words for number, words in enumerate(given, start=1) if words}
        if not words:
            assert "Please answer at least one question" in said
        else:
            mine = self.mine(occurrence, who)
            mine.words = words
            mine.on_page = mine.on_page or any(not is_scale(questions[int(number) - 1]) for number in words)
        self.run(self.rest())

    @precondition(lambda self: self.can_tap())
    @rule(who=WHO, figure=FIGURE)
    def tap(self, who: str, figure: str) -> None:
        occurrence, board = self.asked() or (None, None)
        assert occurrence is not None
        self.run(self.town.press(who, figure, on=board))
        number = next(str(n) for n, question in enumerate(self.questions(occurrence), start=1) if is_scale(question))
        self.mine(occurrence, who).words[number] = figure
        self.run(self.rest())

    def can_tap(self) -> bool:
        asked = self.asked()
        return asked is not None and asked[0].state == "open" and any(map(is_scale, self.questions(asked[0])))

    @precondition(lambda self: self.is_open())
    @rule(who=WHO)
    def pass_this_time(self, who: str) -> None:
        occurrence, board = self.asked() or (None, None)
        assert occurrence is not None
        self.run(self.town.press(who, "Pass this time", on=board))
        self.answers[occurrence.id].setdefault(who, Answered(passed=True))
        self.run(self.rest())

    def is_open(self) -> bool:
        asked = self.asked()
        return asked is not None and asked[0].state == "open"

    @precondition(lambda self: self.asked() is not None)
    @rule(who=WHO, words=WORDS.filter(bool), which=st.integers(0, 2))
    def reply(self, who: str, words: str, which: int) -> None:
        """Write in a thread, also in one of an earlier check-in, where it is only talk."""
        there = [(one, board) for one in self.occurrences() if (board := self.board(one)) is not None]
        occurrence, board = there[-1 - which % len(there)]
        self.run(self.town.say(who, words, under=board))
        newest = self.newest()
        assert newest is not None
        if occurrence.id == newest.id:
            self.mine(occurrence, who)
        self.run(self.rest())

    @rule(twice=st.booleans())
    def hear_again(self, twice: bool) -> None:  # noqa: FBT001 - hypothesis passes it by name
        """The platform delivers what it delivered before."""
        for event in list(self.town.heard)[-1 - twice :]:
            assert self.run(self.town.room.redeliver(event)) is None
        self.run(self.rest())

    # ---------------------------------------------------------------------------------------- organizers

    @rule()
    def ask_for_one_now(self) -> None:
        self.run(self.town.command("ana", "/checkin now"))
        self.run(self.rest())

    @precondition(lambda self: self.is_open())
    @rule()
    def close_it_now(self) -> None:
        newest = self.newest()
        assert newest is not None
        self.run(self.town.command("ana", "/checkin now"))
        self.run(self.town.press("ana", "Close it now", on=self.town.room.whispers("ana")[-1]))
        self.closed_by_hand.add(newest.id)
        self.run(self.rest())

    @rule(label=st.sampled_from(["Skip the next", "Pause", "Resume"]))
    def change_the_plan(self, label: str) -> None:
        if (label == "Resume") != self.paused:
            return
        self.run(self.town.command("ana", "/rituals"))
        self.run(self.town.press("ana", label, on=self.town.room.whispers("ana")[-1]))
        self.paused = {"Pause": True, "Resume": False}.get(label, self.paused)
        self.run(self.rest())

    # ---------------------------------------------------------------------------------------- time

    @rule(hours=st.sampled_from([1, 5, 23, 49, 24 * 8]))
    def wait(self, hours: int) -> None:
        self.run(self.town.wait(hours=hours))
        self.run(self.rest())

    @rule(hours=st.sampled_from([1, 13, 24 * 3, 24 * 20]))
    def be_down(self, hours: int) -> None:
        self.town.jump(self.town.clock() + timedelta(hours=hours))
        self.run(self.rest())

    @rule()
    def restart(self) -> None:
        self.run(self.town.restart())

    # ---------------------------------------------------------------------------------------- always

    @invariant()
    def at_most_one_is_open_and_none_past_its_close(self) -> None:
        now, all_ = self.town.clock(), self.occurrences()
        for occurrence in all_:
            assert occurrence.closes_at is not None
            superseded = occurrence.id != all_[-1].id
            over = superseded or occurrence.id in self.closed_by_hand or occurrence.closes_at <= now
            assert (occurrence.state == "open") == (not over), occurrence.id
        with self.town.drumbeat.database.reading() as db:
            final = list(db.scalars(select(Asked.final).order_by(Asked.occurrence_id)))
            open_ = db.scalar(select(func.count()).select_from(Occurrence).where(Occurrence.state == "open"))
        assert final == [True] * (len(final) - 1) + [False] * bool(final)
        assert open_ in (0, 1)

    @invariant()
    def the_channel_shows_what_was_answered(self) -> None:
        for occurrence in self.occurrences():
            board = self.board(occurrence)
            if board is None:
                continue
            counted = sum(not answer.passed for answer in self.answers[occurrence.id].values())
            who = {0: "Nobody", 1: "One person"}.get(counted, f"{counted} people")
            has = "has" if counted in (0, 1) else "have"
            yet = " yet" if counted == 0 else ""
            is_open = occurrence.state == "open"
            assert (f"{who} {has} answered{yet}." if is_open else f"{who} answered.") in board.text
            assert ("is closed" in board.text) == (occurrence.state != "open")
            questions = self.questions(occurrence)
            shown = Counter(
                (part.by, part.words)
                for reply in self.town.room.thread(board.id)
                if reply.view is not None and reply.text.startswith("Answers, ")
                for part in reply.view.parts
                if isinstance(part, Quote)
            )
            assert shown == Counter(
                answer.entry(PEOPLE[who].name, questions)
                for who, answer in self.answers[occurrence.id].items()
                if answer.on_page
            )

    @invariant()
    def one_answer_and_one_act_for_each_member_and_check_in(self) -> None:
        answered = {
            (occurrence, who, answer.passed, answer.late)
            for occurrence, all_ in self.answers.items()
            for who, answer in all_.items()
        }
        with self.town.drumbeat.database.reading() as db:
            people = {row["id"]: row["person"] for row in self.town.rows(_member())}
            rows = [
                (row.occurrence_id, str(people[row.member_id]), row.passed, row.late)
                for row in db.scalars(select(CheckInAnswer))
            ]
            acts = list(db.scalars(select(Act.once).where(Act.kind == "checkin_answer")))
        assert len(rows) == len(answered)
        assert set(rows) == answered
        assert len(acts) == len(set(acts)) == sum(not passed for _, _, passed, _ in answered)

    @invariant()
    def everything_stands_there_once(self) -> None:
        now = self.town.clock()
        ours = [post for post in self.town.room.posts if post.author == "drumbeat"]
        assert max(Counter(post.once for post in ours).values()) == 1
        rows = self.town.rows(Post)
        assert {post.id for post in ours} == {row["message_id"] for row in rows if row["message_id"]}
        for row in rows:
            waits = row["state"] == "wanted" and row["not_before"] is not None and row["not_before"] > now  # type: ignore[operator]
            shown = row["state"] == "shown" and row["version"] == row["shown_version"]
            assert waits or shown or row["state"] == "withdrawn", row

    @invariant()
    def nobody_is_named_who_did_not_answer(self) -> None:
        for root in self.town.room.channel_messages(RIVER):
            if root.text.startswith("Check-in, "):
                closings = [post.text for post in self.town.room.thread(root.id) if "is closed" in post.text]
                assert len(closings) <= 1
                for text in (root.text, *closings):
                    assert [person.name for person in PEOPLE.values() if person.name in text] == []


def _member() -> Any:  # noqa: ANN401
    from bot.tables import Member

    return Member


def test_the_channel_shows_a_check_in_as_it_is_whatever_happens(sqlite_template: Path, tmp_path: Path) -> None:
    numbers = itertools.count()

    def begin() -> CheckIns:
        return CheckIns(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / f'{next(numbers)}.db')}")

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
