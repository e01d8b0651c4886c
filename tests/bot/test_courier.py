"""The chat comes to show what is wished for: once, in order, at its pace, whatever fails on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from adapters.playground import Room
from bot.chat import Answer, DeliveryError, Message, Person, Place, Whisper
from bot.clock import Now
from bot.courier import Courier
from bot.plain import read_aloud
from bot.tables import Act, Lane, Post
from tests.hamlet import Hamlet
from tests.town import RIVER, Town

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


Build = Callable[..., Hamlet]


@pytest.fixture
def build(database_url: str) -> Iterator[Build]:
    """Builds hamlets on one database, and closes them."""
    built: list[Hamlet] = []

    def build(**how: Any) -> Hamlet:  # noqa: ANN401 - whatever a hamlet takes
        built.append(Hamlet(database_url, **how))
        return built[-1]

    yield build
    for hamlet in built:
        hamlet.close()


@pytest.fixture
def hamlet(build: Build) -> Hamlet:
    hamlet = build()
    hamlet.found()
    return hamlet


def state_of(hamlet: Hamlet, key: str) -> str:
    state: str = next(row["state"] for row in hamlet.rows(Post) if row["key"] == f"notices:{key}")
    return state


def said(answer: Answer) -> str:
    assert isinstance(answer, Whisper)
    return read_aloud(answer.message)


def poses(hamlet: Hamlet) -> list[tuple[str, str]]:
    """What reached the room, in order."""
    return [(call.kind, call.text) for call in hamlet.room.calls]


# ---------------------------------------------------------------------------------------- order


async def test_posts_of_a_channel_appear_in_the_order_they_were_wished(hamlet: Hamlet) -> None:
    for number in range(8):
        await hamlet.command("ana", f"/post n{number} Number {number}")
    await hamlet.settle()
    assert hamlet.channel() == [f"Number {number}" for number in range(8)]


@SQLITE
async def test_a_post_changed_before_it_is_shown_keeps_its_turn(hamlet: Hamlet) -> None:
    for number in range(5):
        await hamlet.command("ana", f"/post n{number} Number {number}")
    await hamlet.courier.deliver()
    hamlet.pass_time(seconds=0.1)
    await hamlet.command("ana", "/post n3 Number 3, corrected")
    await hamlet.settle()
    assert hamlet.channel() == ["Number 0", "Number 1", "Number 2", "Number 3, corrected", "Number 4"]


@SQLITE
async def test_a_reply_waits_until_its_thread_exists(hamlet: Hamlet) -> None:
    hamlet.room.fail_next(1)
    await hamlet.command("ana", "/post root The question")
    await hamlet.command("ana", "/reply answer root The answer")
    await hamlet.settle()
    root = hamlet.room.channel_messages(RIVER)[0]
    assert (root.text, [post.text for post in hamlet.room.thread(root.id)]) == ("The question", ["The answer"])


@SQLITE
async def test_a_reply_under_nothing_is_a_mistake_that_leaves_no_trace(hamlet: Hamlet) -> None:
    assert said(await hamlet.command("ana", "/reply answer nowhere The answer")).startswith(
        "Sorry, that went wrong on my side and nothing was changed."
    )
    assert hamlet.rows(Post) == []


# ---------------------------------------------------------------------------------------- pace


@SQLITE
async def test_a_channel_gets_a_few_posts_at_once_and_then_one_a_second(hamlet: Hamlet) -> None:
    for number in range(6):
        await hamlet.command("ana", f"/post n{number} Number {number}")
    shown = []
    for _ in range(5):
        await hamlet.courier.deliver()
        shown.append(len(hamlet.channel()))
        hamlet.pass_time(seconds=1)
    assert shown == [3, 4, 5, 6, 6]


async def test_the_platform_is_left_alone_for_as_long_as_it_asked_to_the_second(hamlet: Hamlet) -> None:
    hamlet.room.fail_next(1, retry_after=37)
    await hamlet.command("ana", "/post lost A glove")
    await hamlet.courier.deliver()
    hamlet.pass_time(seconds=36.9)
    await hamlet.command("ana", "/post found A hat")  # something new is no reason to ask again
    await hamlet.courier.deliver()
    assert hamlet.channel() == []
    hamlet.pass_time(seconds=0.1)
    await hamlet.courier.deliver()
    assert hamlet.channel() == ["A glove"]
    await hamlet.settle()
    assert hamlet.channel() == ["A glove", "A hat"]


@SQLITE
async def test_being_told_to_wait_again_and_again_never_ends_in_giving_up(hamlet: Hamlet) -> None:
    hamlet.room.fail_next(20, retry_after=5)
    await hamlet.command("ana", "/post lost A glove")
    await hamlet.settle()
    assert hamlet.channel() == ["A glove"]


@SQLITE
async def test_what_is_tried_again_comes_later_and_later(hamlet: Hamlet) -> None:
    hamlet.room.fail_next(10)
    await hamlet.command("ana", "/post lost A glove")
    waits, before = [], hamlet.clock()
    for _ in range(10):
        await hamlet.courier.deliver()
        wake = await hamlet.courier.next_wake()
        assert wake is not None
        waits.append((wake - before).total_seconds())
        before = wake
        hamlet.clock.move_to(wake)
    await hamlet.courier.deliver()
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert hamlet.channel() == ["A glove"]


async def test_many_changes_become_one_edit(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/post count 0")
    await hamlet.settle()
    for number in range(1, 30):
        await hamlet.command("ana", f"/post count {number}")
        await hamlet.courier.deliver()
    await hamlet.settle()
    assert poses(hamlet) == [("post", "0"), ("edit", "29")]


@SQLITE
async def test_a_post_that_never_rests_is_shown_all_the_same(hamlet: Hamlet) -> None:
    """A change every 0.3 seconds for half a minute: an edit each three seconds, not only at the end."""
    await hamlet.command("ana", "/post count 0")
    await hamlet.settle()
    for number in range(100):
        hamlet.pass_time(seconds=0.3)
        await hamlet.command("ana", f"/post count {number + 1}")
        await hamlet.courier.deliver()
    edits = len(poses(hamlet)) - 1
    assert 9 <= edits <= 10
    await hamlet.settle()
    assert hamlet.channel() == ["100"]


@SQLITE
async def test_an_old_post_is_edited_at_most_once_a_minute(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/post count 0")
    await hamlet.settle()
    hamlet.pass_time(hours=2)
    edits = []
    for number in range(1, 60):
        await hamlet.command("ana", f"/post count {number}")
        await hamlet.courier.deliver()
        edits.append(len(hamlet.room.calls) - 1)
        hamlet.pass_time(seconds=5)
    # 295 seconds: one at once, and one for each full minute after it.
    assert edits[-1] == 5
    assert max(edits.count(seen) for seen in set(edits)) == 12
    await hamlet.settle()
    assert hamlet.channel() == ["59"]


class SlowRoom(Room):
    """A room in which one channel answers only when it is told to."""

    slow = ""

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        if place.channel == self.slow:
            self.reached.set()
            await self.gate.wait()
        return await super().post(place, message, once=once)

    def make_slow(self, channel: str) -> None:
        self.slow = channel
        self.gate = asyncio.Event()
        self.reached = asyncio.Event()


async def test_a_slow_channel_keeps_no_other_waiting(build: Build) -> None:
    hamlet = build(room=SlowRoom)
    room = hamlet.room
    assert isinstance(room, SlowRoom)
    room.add_channel("hill", "hill", creator="ana")
    hamlet.found()
    hamlet.found("hill", people=("ana",))
    room.make_slow("hill")
    await hamlet.command("ana", "/post a Slow", channel="hill")
    courier = asyncio.create_task(hamlet.courier.run())
    await room.reached.wait()
    arrived = asyncio.Event()
    room.on_change(lambda change: arrived.set() if change.kind == "post" else None)
    # Wished for while the other call hangs, and well before that call would be given up.
    await hamlet.command("ben", "/post b Quick")
    async with asyncio.timeout(5):
        await arrived.wait()
    assert (hamlet.channel(), hamlet.channel("hill")) == (["Quick"], [])
    room.gate.set()
    courier.cancel()
    await asyncio.wait([courier])
    # What was under way was finished and noted before the end.
    assert (hamlet.channel("hill"), state_of(hamlet, "a"), state_of(hamlet, "b")) == (["Slow"], "shown", "shown")


@SQLITE
async def test_a_rate_limited_channel_keeps_no_other_waiting(hamlet: Hamlet) -> None:
    hamlet.room.add_channel("hill", "hill", creator="ana")
    hamlet.found("hill", people=("ana",))
    hamlet.room.fail_next(1, retry_after=600)
    await hamlet.command("ana", "/post a Wait", channel="hill")
    await hamlet.courier.deliver()
    await hamlet.command("ben", "/post b Go")
    await hamlet.courier.deliver()
    assert (hamlet.channel(), hamlet.channel("hill")) == (["Go"], [])


# ---------------------------------------------------------------------------------------- once


async def test_a_post_that_arrived_although_an_error_came_back_is_not_posted_again(hamlet: Hamlet) -> None:
    hamlet.room.fail_next(1, after_storing=True)
    await hamlet.command("ana", "/post lost A glove")
    await hamlet.command("ana", "/reply answer lost It is mine")
    await hamlet.settle()
    assert hamlet.channel() == ["A glove"]
    assert [post.text for post in hamlet.room.thread(hamlet.room.channel_messages(RIVER)[0].id)] == ["It is mine"]


class BusyRoom(Room):
    """A room that refuses to be searched the first time."""

    limited = 1

    async def find(self, place: Place, *, once: str, since: datetime) -> str | None:
        if self.limited:
            self.limited -= 1
            raise DeliveryError("Slow down.", retry_after=3)
        return await super().find(place, once=once, since=since)


@SQLITE
async def test_a_doubtful_post_stays_doubtful_when_the_search_for_it_meets_a_rate_limit(build: Build) -> None:
    hamlet = build(room=BusyRoom)
    hamlet.found()
    hamlet.room.fail_next(1, after_storing=True)
    await hamlet.command("ana", "/post lost A glove")
    await hamlet.settle()
    assert (hamlet.channel(), state_of(hamlet, "lost")) == (["A glove"], "shown")


class LateRoom(Room):
    """A room whose clock is twenty seconds behind."""

    def __init__(self, *, now: Now, journal: Path | None = None) -> None:
        super().__init__(now=lambda: now() - timedelta(seconds=20), journal=journal)


@SQLITE
async def test_a_doubtful_post_is_found_though_the_platforms_clock_is_behind(build: Build) -> None:
    hamlet = build(room=LateRoom)
    hamlet.found()
    hamlet.room.fail_next(1, after_storing=True)
    await hamlet.command("ana", "/post lost A glove")
    await hamlet.settle()
    assert hamlet.channel() == ["A glove"]


@SQLITE
async def test_a_change_while_the_first_post_was_in_doubt_is_shown_in_it(hamlet: Hamlet) -> None:
    hamlet.room.fail_next(1, after_storing=True)
    await hamlet.command("ana", "/post lost A glove")
    await hamlet.courier.deliver()
    await hamlet.command("ana", "/post lost A red glove")
    await hamlet.settle()
    assert hamlet.channel() == ["A red glove"]


async def test_two_couriers_on_one_database_post_everything_once(hamlet: Hamlet, build: Build) -> None:
    other = build(beside=hamlet)
    for channel in range(12):
        hamlet.room.add_channel(f"c{channel}", f"c{channel}", creator="ana")
        hamlet.found(f"c{channel}", people=("ana",))
        for number in range(3):
            await hamlet.command("ana", f"/post n{number} {number}", channel=f"c{channel}")
    await asyncio.gather(*(courier.deliver() for _ in range(3) for courier in (hamlet.courier, other.courier)))
    await hamlet.settle()
    assert [hamlet.channel(f"c{channel}") for channel in range(12)] == [["0", "1", "2"]] * 12


async def test_a_lane_held_by_a_dead_process_is_taken_over_when_its_lease_ends(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/post lost A glove")
    with hamlet.database.transaction() as db:
        end = hamlet.clock() + timedelta(seconds=60)
        db.execute(update(Lane).values(lease_until=end, wake_at=end))
        db.execute(update(Post).values(state="sending", claimed_at=hamlet.clock()))
    hamlet.pass_time(seconds=59)
    await hamlet.command("ana", "/post found A hat")
    await hamlet.courier.deliver()
    assert hamlet.channel() == []
    assert await hamlet.courier.next_wake() == end  # nobody spins until then
    hamlet.pass_time(seconds=1)
    await hamlet.courier.deliver()
    assert hamlet.channel() == ["A glove", "A hat"]


# ---------------------------------------------------------------------------------------- not to be shown


@SQLITE
async def test_a_post_that_a_moderator_deleted_is_left_alone(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/post lost A glove")
    await hamlet.settle()
    hamlet.room.delete(hamlet.room.channel_messages(RIVER)[0].id)
    await hamlet.command("ana", "/post lost A red glove")
    await hamlet.command("ana", "/post found A hat")
    await hamlet.settle()
    assert (hamlet.channel(), state_of(hamlet, "lost")) == (["A hat"], "gone")
    assert [hamlet.room.inbox(who) for who in ("ana", "ben")] == [(), ()]


@SQLITE
async def test_nothing_is_posted_into_a_thread_that_a_moderator_deleted(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/post root The question")
    await hamlet.settle()
    hamlet.room.delete(hamlet.room.channel_messages(RIVER)[0].id)
    await hamlet.command("ana", "/reply one root An answer")
    await hamlet.settle()
    await hamlet.command("ana", "/reply two root Another")
    await hamlet.settle()
    assert hamlet.channel() == []
    assert [state_of(hamlet, key) for key in ("root", "one", "two")] == ["gone", "gone", "gone"]
    # It was somebody's decision, no failure: nobody is bothered.
    assert [hamlet.room.inbox(who) for who in ("ana", "ben")] == [(), ()]


@SQLITE
async def test_a_private_message_taken_back_in_time_is_never_sent(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/tell chi note Please come")
    await hamlet.command("chi", "/untell note")
    await hamlet.settle()
    assert hamlet.room.inbox("chi") == ()


@SQLITE
async def test_a_private_message_that_was_seen_is_corrected_instead(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/tell chi note Please come")
    await hamlet.settle()
    await hamlet.command("chi", "/untell note")
    await hamlet.settle()
    assert [post.text for post in hamlet.room.inbox("chi")] == ["Never mind."]


@SQLITE
async def test_what_a_closed_inbox_refused_is_told_at_the_next_act_once(hamlet: Hamlet) -> None:
    hamlet.room.close_inbox("chi")
    await hamlet.command("ana", "/tell chi note Please come")
    await hamlet.settle()
    assert [said(await hamlet.command("chi", "/hello")) for _ in range(2)] == [
        "Hello, Chi\n[Write]\nI could not write to you in private, so here it is:\nPlease come",
        "Hello, Chi\n[Write]",
    ]
    assert [hamlet.room.inbox(who) for who in ("ana", "ben", "chi")] == [(), (), ()]


@SQLITE
async def test_what_was_taken_back_is_not_told_to_a_closed_inbox_either(hamlet: Hamlet) -> None:
    hamlet.room.close_inbox("chi")
    await hamlet.command("ana", "/tell chi note Please come")
    await hamlet.settle()
    assert said(await hamlet.command("chi", "/untell note")) == "Taken back."


@SQLITE
async def test_organizers_hear_once_that_a_channel_takes_no_posts(build: Build) -> None:
    shut = build(room=ClosedRoom)
    assert isinstance(shut.room, ClosedRoom)
    shut.found()
    for key in ("a", "b"):
        await shut.command("ana", f"/post {key} Hello")
        await shut.command("ana", f"/reply {key}{key} {key} Hello again")
    await shut.settle()
    told = (
        "I could not post in the channel of Clean River: You were removed from #river. Please check that I am still a "
        "member of the channel and may write there. Then type /drumbeat there, and I catch up. Everything else goes on."
    )
    assert [[post.text for post in shut.room.inbox(who)] for who in ("ana", "ben", "chi")] == [[told], [told], []]
    assert [state_of(shut, key) for key in ("a", "aa", "b", "bb")] == ["failed"] * 4
    shut.room.open = True
    await shut.command("chi", "/hello")
    await shut.settle()
    assert shut.channel() == ["Hello", "Hello"]
    for root in shut.room.channel_messages(RIVER):
        assert [post.text for post in shut.room.thread(root.id)] == ["Hello again"]


@SQLITE
async def test_what_a_channel_did_not_take_days_ago_is_not_posted_any_more(build: Build) -> None:
    shut = build(room=ClosedRoom)
    assert isinstance(shut.room, ClosedRoom)
    shut.found()
    await shut.command("ana", "/post a Hello")
    await shut.settle()
    shut.pass_time(days=4)
    shut.room.open = True
    await shut.command("chi", "/hello")
    await shut.settle()
    assert shut.channel() == []


class ClosedRoom(Room):
    """A room that removed Drumbeat from its channels."""

    open = False

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        if place.channel and not self.open:
            raise DeliveryError("You were removed from #river.", permanent=True)
        return await super().post(place, message, once=once)


class BrokenRoom(Room):
    """A room with a defect of its own: it stumbles over one word."""

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        if read_aloud(message) == "poison":
            raise KeyError("poison")
        return await super().post(place, message, once=once)


@SQLITE
async def test_one_post_that_always_breaks_does_not_hold_up_its_channel_for_ever(build: Build) -> None:
    broken = build(room=BrokenRoom)
    broken.found()
    await broken.command("ana", "/post a poison")
    await broken.command("ana", "/post b Hello")
    await broken.settle()
    assert (broken.channel(), state_of(broken, "a")) == (["Hello"], "failed")


@SQLITE
async def test_one_post_that_cannot_be_read_does_not_hold_up_anything(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/post a Hello")
    await hamlet.command("ana", "/post b Hello again")
    with hamlet.database.transaction() as db:
        db.execute(update(Post).where(Post.key == "notices:a").values(view={"is": "something from the future"}))
    await hamlet.settle()
    assert (hamlet.channel(), state_of(hamlet, "a")) == (["Hello again"], "failed")


@SQLITE
async def test_a_courier_leaves_other_platforms_lanes_to_those_who_serve_them(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/post lost A glove")
    elsewhere = Courier(hamlet.database, {"slack": hamlet.room}, now=hamlet.clock)
    assert (await elsewhere.deliver(), await elsewhere.next_wake()) == (0, None)
    assert state_of(hamlet, "lost") == "wanted"


# ---------------------------------------------------------------------------------------- quiet hours


@SQLITE
async def test_what_nobody_asked_for_waits_for_the_end_of_the_quiet_hours(build: Build) -> None:
    hamlet = build()
    hamlet.found(quiet_hours="22:00 to 07:00")
    await hamlet.command("ana", "/later 11 Night")  # 12:00 + 11 hours in Berlin
    hamlet.pass_time(hours=11)
    await hamlet.settle()
    await hamlet.command("ana", "/post day Asked for")
    await hamlet.settle()
    assert hamlet.channel() == ["Asked for"]
    hamlet.pass_time(hours=7, minutes=58)
    await hamlet.settle()
    assert hamlet.channel() == ["Asked for"]
    hamlet.pass_time(minutes=2)
    await hamlet.settle()
    assert hamlet.channel() == ["Asked for", "Night"]


# ---------------------------------------------------------------------------------------- many at once


async def test_two_hundred_answers_at_once_are_all_kept_and_cost_three_edits_at_most(town: Town) -> None:
    # On PostgreSQL turns really meet, so it costs more time and needs fewer people.
    people = [f"p{number}" for number in range(200 if town.url.startswith("sqlite") else 80)]
    for person in people:
        town.room.add_person(Person(person, person.upper(), "Europe/Berlin"))
    town.room.seat(RIVER, *people)
    await town.start_movement()
    await town.command("ana", "/checkin now")
    board = town.post("Check-in,")
    assert board.view is not None
    action = next(action for action in board.view.actions if action.verb == "answer")
    before = len(town.room.calls)
    delivering = asyncio.create_task(town.drumbeat.courier.run())

    async def answer(person: str) -> None:
        await town.room.press(person, board.id, action)
        await town.room.fill(person, town.form(person).id, {"q1": f"{person} planted a tree"})

    await asyncio.gather(*map(answer, people))
    delivering.cancel()
    await asyncio.wait([delivering])
    await town.settle()
    edits = [call.message_id for call in town.room.calls[before:] if call.kind == "edit"]
    assert edits.count(board.id) == 1
    assert len(edits) <= 3
    assert f"{len(people)} people have answered" in town.post("Check-in,").text
    shown = "\n".join(town.thread(board)).splitlines()
    assert [person for person in people if not any(f"{person} planted a tree" in line for line in shown)] == []
    with town.drumbeat.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Act).where(Act.kind == "checkin_answer")) == len(people)
