"""Listening rounds: who is put together, how it is told, what stays between the two, and what the movement sees."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select

from bot.chat import Action, Mention, Message, Person
from bot.practices import find_practice, follow
from bot.routing import find_rituals
from bot.tables import Member, Movement, Occurrence
from rituals.listening import messages, views
from rituals.listening.questions import QUESTIONS, questions_of
from rituals.listening.tables import Listener, ListeningPair, ListeningRound, ListeningSeat
from tests.town import RIVER, Town, where_anything_can_be_typed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

BEGUN = (
    "Listening round: one pair takes half an hour to listen to each other.\n"
    "Who listens to whom stays between them. Whoever wants to be in the next round can say so.\n[I'd like to listen]"
)
WAYS = "[We talked] [What I heard] [Not this time]"
HEARD = "Dee would lead a walk, if somebody asked her."
KEPT = (
    "Only those who were in the talk can read this. It is deleted after 400 days, and shared only if all of you press "
    "Share."
)
NOT_THERE = "This talk is not there any more."


def card(other: str) -> str:
    return (
        f"Clean River: you and @{other} are asked to listen to each other: half an hour, within a week.\n"
        "Times that could suit: Mon 2 November, 17:00; Wed 4 November, 18:00; Fri 6 November, 19:00.\n"
        "Each of you chooses a question:\n"
        "1. What brought you here, and what keeps you here?\n"
        "2. What would have to change for you to say: it was worth it?\n"
        "3. What do you see in our movement that nobody talks about?\n"
        "A quarter of an hour for each. Whoever asks listens for about 70% of the time and speaks for the rest. Nobody "
        f"else is told who listens to whom. Write to each other to agree on a time.\n{WAYS}"
    )


def letters(town: Town, who: str) -> list[str]:
    """Somebody's private messages, but for the check-in's."""
    return [text for text in town.inbox(who) if not text.startswith(("The check-in of", "Welcome back"))]


def waits(town: Town) -> dict[str, int]:
    """How often in a row each had nobody to listen to."""
    names = {row["id"]: str(row["person"]) for row in town.rows(Member)}
    return {names[row["member_id"]]: cast("int", row["waits"]) for row in town.rows(Listener)}


def rounds(town: Town) -> list[object]:
    """How each round ended, and those that are on."""
    begun = {row["occurrence_id"] for row in town.rows(ListeningRound)}
    return [row["state"] for row in town.rows(Occurrence) if row["id"] in begun]


def pairs(town: Town) -> list[set[str]]:
    """Who was put together, round after round."""
    names = {row["id"]: str(row["person"]) for row in town.rows(Member)}
    return [
        {names[row[key]] for key in ("first_id", "second_id", "third_id") if row[key]}
        for row in town.rows(ListeningPair)
    ]


async def begin(town: Town, *people: str, by: str = "ana") -> str:
    """Let people listen, in a movement that begins if there is none, and start a round."""
    if not town.channel():
        await town.start_movement()
    for who in people:
        await town.command(who, "/listen in")
    return await town.command(by, "/listen now")


async def test_two_people_listen_to_each_other_and_only_they_know(town: Town) -> None:
    await town.start_movement()
    assert await town.command("chi", "/listen") == (
        "Listening rounds: you are put together with one other person for half an hour of listening, with times and "
        "questions to choose from. Who listens to whom, and what is said, stays between the two. You can stop at any "
        "time.\nNobody has said yet that they want to listen.\n[I'd like to listen]"
    )
    assert await town.press("chi", "I'd like to listen") == (
        "You are in the listening rounds. An organizer starts the next round.\nOne person wants to listen.\n"
        "[Stop listening]"
    )
    assert await begin(town) == (
        "A round needs at least two people who want to listen and are not away. Whoever types /listen in is one."
    )
    assert await begin(town, "dee") == "Done: 1 pair. Each person is told in private with whom they are."
    assert town.channel()[-1] == BEGUN
    assert [letters(town, who) for who in ("chi", "dee", "ana", "ben")] == [[card("Dee")], [card("Chi")], [], []]
    assert await town.press("chi", "We talked") == (
        "Thank you for listening. I ask Dee, too; without a no it counts in three days.\n"
        "If you like, write down what you heard: only those who were in the talk can read it.\n"
        "[What I heard] [We didn't talk]"
    )
    asked = "Clean River: Chi says that you talked with each other. If so, there is nothing to do."
    assert letters(town, "dee")[1:] == [f"{asked}\n[We talked] [We didn't] [What I heard]"]
    await town.press("chi", "What I heard")
    mine = f"What you heard\n> {HEARD}\n{KEPT}\n[Change mine] [Delete mine] [Share]"
    assert await town.fill("chi", heard=HEARD) == f"What Dee heard: nothing is written yet.\n{mine}"
    wrote = "Chi wrote down what they heard."
    assert letters(town, "dee")[1:] == [f"{asked}\n{wrote}\n[We talked] [We didn't] [What was heard]"]
    assert await town.press("dee", "What was heard") == (
        f"What Chi heard\n> {HEARD}\n{KEPT}\n[Write what I heard] [Share]"
    )
    assert town.acts("attended") == []
    assert (await town.press("dee", "We talked")).startswith("Thank you for listening. It counts for all of you.")
    assert sorted(town.acts("attended")) == [("chi", "attended"), ("dee", "attended")]
    assert letters(town, "dee") == [
        "Clean River: you and @Chi talked. Thank you for listening.\n[What was heard] [We didn't talk]",
        f"Clean River: you and @Chi talked. Thank you for listening.\n{wrote}\n[What was heard]",
    ]
    await town.restart()
    assert await town.command("ana", "/listen end") == "The round is over. Whoever talked can still say so for a week."
    assert town.channel()[-1] == "Listening round: it is over. Pairs that talked: 1 of 1.\n[I'd like to listen]"
    assert rounds(town) == ["held"]
    assert "Heard in the last 90 days: 2 of 4." in await town.command("ana", "/listen")
    assert "Heard" not in await town.command("ben", "/listen")
    assert [letters(town, who) for who in ("ana", "ben")] == [[], []]


@sqlite
async def test_what_was_heard_is_read_by_nobody_else_unless_both_share_it(town: Town) -> None:
    await begin(town, "chi", "dee")
    await town.press("chi", "What I heard")
    await town.fill("chi", heard=HEARD)
    kept = next(post.view for post in town.room.whispers("chi") if HEARD in post.text)
    assert kept is not None
    (movement,) = {action.movement for action in kept.actions}
    number = kept.actions[0].about
    for who in ("ana", "ben"):
        await town.command(who, "/listen")
        await town.look(who)
        for verb in ("read", "hear", "erase", "share", "unshare", "talked", "not-yet", "wont"):
            assert await town.press_kept(who, Action("listening", verb, number, movement)) == NOT_THERE
        for about in ("0", "-1", "1/1", "9" * 30, "dee"):
            assert await town.press_kept(who, Action("listening", "read", about, movement)) == NOT_THERE
        said = await town.submit(
            who, Action("listening", "hear", number, movement), {"heard": "Mine"}, place=town.place(who=who)
        )
        assert said is not None
        assert HEARD not in repr(said)
    everybody_elses = [
        post.text for who in ("ana", "ben") for post in (*town.room.inbox(who), *town.room.whispers(who))
    ]
    assert HEARD not in "\n".join([*everybody_elses, *town.channel()])
    assert [row["heard"] for row in town.rows(ListeningSeat)].count(HEARD) == 1

    await town.press("chi", "Share")
    assert town.whisper("chi").endswith(
        "You would share it. It stays between you until Dee would, too.\n[Change mine] [Delete mine] [Don't share]"
    )
    root = town.post("Listening round")
    assert town.thread(root) == []
    await town.press("dee", "What was heard")
    assert (await town.press("dee", "Share")).endswith(
        "All of you share it, so it stands in the thread of the round. Any of you can take it back.\n"
        "[Write what I heard] [Don't share]"
    )
    shared = f"Chi and Dee share what they heard from each other.\nWhat Chi heard\n> {HEARD}"
    assert town.thread(root) == [shared]
    await town.press("dee", "Write what I heard")
    await town.fill("dee", heard="Chi is worried.")
    assert town.thread(root) == ["What was shared here was taken back."]
    for who in ("chi", "dee"):
        await town.press(who, "What was heard" if who == "chi" else "Share")
    await town.press("chi", "Share")
    assert town.thread(root) == [f"{shared}\nWhat Dee heard\n> Chi is worried."]
    await town.press("chi", "Don't share")
    assert town.thread(root) == ["What was shared here was taken back."]
    assert await town.press("chi", "Delete mine") == "Deleted. Nobody can read it any more."
    assert await town.press("dee", "What was heard") == (
        f"What Chi heard: nothing is written yet.\nWhat you heard\n> Chi is worried.\n{KEPT}\n"
        "[Change mine] [Delete mine] [Share]"
    )


@in_the_room
async def test_one_persons_word_stands_after_three_days_unless_the_other_says_no(town: Town) -> None:
    await begin(town, "chi", "dee")
    await town.press("chi", "We talked")
    await town.wait(days=2, hours=23)
    assert town.acts("attended") == []
    await town.restart()
    await town.wait(hours=2)
    assert sorted(town.acts("attended")) == [("chi", "attended"), ("dee", "attended")]
    # It can be put right still, and then it is in nobody's record.
    assert await town.press("dee", "We didn't talk") == (
        "That is fine. I tell Chi, and nobody else.\n[We talked after all]"
    )
    assert town.acts("attended") == []
    assert letters(town, "chi") == [
        "Clean River: you and @Dee do not talk this round.\n[We talked after all]",
        "Clean River: Dee says that you did not talk, so it does not count.",
    ]
    assert (await town.press("chi", "We talked after all")).startswith(
        "Thank you for listening. Dee said that it did not take place, so it counts once they say it did."
    )
    await town.press("dee", "We talked after all", on=None)
    assert sorted(town.acts("attended")) == [("chi", "attended"), ("dee", "attended")]
    await town.wait(days=20)
    assert rounds(town) == ["held"]
    assert await town.press("dee", "We didn't talk") == (
        "This round has been over for more than a week, so it stays as it is."
    )
    assert len(town.acts("attended")) == 2


@sqlite
async def test_who_cannot_says_so_and_the_other_is_told_and_goes_first_next_time(town: Town) -> None:
    await begin(town, "chi", "dee")
    assert await town.press("chi", "Not this time") == (
        "That is fine. I tell Dee, and nobody else.\n[We talked after all]"
    )
    assert letters(town, "dee") == [
        "Clean River: you and @Chi do not talk this round.\n[We talked after all]",
        "Clean River: Chi can't listen this round. You go first in the next one.\n[We talked after all]",
    ]
    await town.redeliver()
    assert waits(town) == {"chi": 0, "dee": 1}
    assert await town.command("chi", "/listen stop") == (
        "You are in no further round. /listen in lets you in again. This round you are still with Dee; Not this time "
        "calls it off."
    )
    await town.wait(days=11)
    assert town.channel()[1] == "Listening round: it is over. Pairs that talked: 0 of 1.\n[I'd like to listen]"
    assert rounds(town) == ["missed"]
    assert len(letters(town, "dee")) == 2


@in_the_room
@sqlite
async def test_who_has_said_nothing_is_asked_once_after_five_days(town: Town) -> None:
    await town.bring(Person("fay", "Fay", "Europe/Berlin"))
    await town.start_movement()
    await town.bring(Person("gus", "Gus", "America/New_York"))
    await begin(town, "chi", "dee", "fay", "gus")
    await town.command("chi", "/remind off")
    asked = "did you talk? Any answer is fine. There is time until Wed 11 November, 12:00."
    partner = {who: next(iter(pair - {who})).title() for pair in pairs(town) for who in pair}
    await town.command("fay", "/away until 9 november")
    await town.wait(days=4, hours=23)
    assert [len(letters(town, who)) for who in ("chi", "dee", "fay", "gus")] == [1, 1, 1, 1]
    await town.wait(minutes=90)
    ways = "[We talked] [Not yet] [We won't]"
    assert letters(town, "dee")[1:] == [f"Clean River: you and @{partner['dee']}: {asked}\n{ways}"]
    # Chi switched reminders off, Fay is away until Monday, and where Gus is it is six in the morning.
    assert [len(letters(town, who)) for who in ("chi", "fay", "gus")] == [1, 1, 1]
    await town.wait(hours=1)
    assert len(letters(town, "gus")) == 2
    await town.wait(days=3)
    assert len(letters(town, "fay")) == 2
    assert await town.press("dee", "Not yet") == (
        "That is fine. There is time until Wed 11 November, 12:00, and I will not ask again."
    )
    assert letters(town, "dee")[1:] == [f"Clean River: you and @{partner['dee']}: {asked}\n[We talked] [We won't]"]
    await town.wait(days=20)
    assert [len(letters(town, who)) for who in ("chi", "dee", "fay", "gus")] == [1, 2, 2, 2]


@in_the_room
@sqlite
async def test_who_shares_no_waking_hours_is_told_and_the_odd_one_makes_a_trio(town: Town) -> None:
    await town.start_movement()
    await town.bring(Person("lou", "Lou", "Pacific/Auckland"))
    assert await begin(town, "ben", "chi", "dee", "lou") == (
        "Done: 1 pair. Each person is told in private with whom they are. Left out this time, and first in the next: 1."
    )
    assert pairs(town) == [{"ben", "chi", "dee"}]
    no_hours = "nobody in it shares two waking hours with you. You go first in the next one."
    # It is night where Lou is, and Lou reads it in the morning.
    assert letters(town, "lou") == []
    await town.wait(hours=9)
    assert letters(town, "lou") == [f"Clean River: a listening round has begun, and {no_hours}"]
    assert letters(town, "ben")[0].startswith("Clean River: you, @Chi and @Dee are asked to listen to each other")
    assert "Ten minutes for each." in letters(town, "ben")[0]
    assert waits(town) == {"ben": 0, "chi": 0, "dee": 0, "lou": 1}
    await town.press("ben", "We talked")
    await town.press("chi", "Not this time")
    await town.wait(days=3, hours=1)
    assert sorted(town.acts("attended")) == [("ben", "attended"), ("dee", "attended")]


@in_the_room
@sqlite
async def test_rounds_by_cadence_repeat_no_pair_that_need_not_be_and_change_their_questions(town: Town) -> None:
    await begin(town, "ana", "ben", "chi", "dee")
    with town.drumbeat.database.transaction() as db:
        movement = db.scalars(select(Movement)).one()
        practice = find_practice(db, movement, "listening")
        assert practice is not None
        follow(db, movement, practice, "every monday 10:00", now=town.clock())
    assert "The next round begins Mon 2 November, 10:00." in await town.command("chi", "/listen")
    await town.wait(days=9)
    met = [frozenset(pair) for pair in pairs(town)]
    assert len(met) == len(set(met)) == 6
    assert rounds(town) == ["missed", "missed", "open"]
    assert letters(town, "dee")[1].count(QUESTIONS[3]) == 1
    await town.wait(days=21)
    # Four people can be paired in three ways, and all three come round before one comes again.
    ways = [frozenset(map(frozenset, two)) for two in zip(pairs(town)[::2], pairs(town)[1::2], strict=True)]
    assert all(len(set(ways[number : number + 3])) == 3 for number in range(4))
    for who in ("ana", "ben", "chi"):
        await town.command(who, "/away")
        await town.fill(who)
    await town.wait(days=7)
    assert [row["why"] for row in town.rows(Occurrence) if row["state"] == "excused"] == [
        "too few to listen to each other"
    ]
    assert waits(town)["dee"] == 1


@in_the_room
@sqlite
async def test_nobody_waits_for_who_has_left_and_what_they_said_goes_with_who_is_deleted(town: Town) -> None:
    await begin(town, "ana", "ben", "chi", "dee")
    with_dee = next(iter(next(pair for pair in pairs(town) if "dee" in pair) - {"dee"}))
    others = sorted({"ana", "ben", "chi"} - {with_dee})
    await town.room.leave("dee", RIVER)
    await town.wait(days=5, hours=1)
    assert letters(town, with_dee)[1:] == [
        "Clean River: whoever you were to listen to has left the movement. You go first in the next round."
    ]
    await town.press(others[0], "What I heard")
    await town.fill(others[0], heard=HEARD)
    await town.press(others[1], "We talked")
    assert len(town.acts("attended")) == 2
    for who in others:
        await town.press(who, "What was heard")
        await town.press(who, "Share")
    assert len(town.thread(town.post("Listening round"))) == 1
    await town.command(others[1], "/me")
    await town.press_kept(others[1], Action("me", "delete-now", "", 1))
    # Nothing of what was heard from them is left anywhere; the other's own record stays as it was.
    assert town.rows(ListeningSeat) == [row for row in town.rows(ListeningSeat) if row["heard"] == ""]
    assert town.thread(town.post("Listening round")) == ["What was shared here was taken back."]
    await town.wait(minutes=2)  # what is older than an hour is changed a little later
    assert set(letters(town, others[0])) == {"Clean River: nothing is kept of this talk any more."}
    assert town.acts("attended") == [(others[0], "attended")]
    assert await town.press_kept(others[0], Action("listening", "read", "2", 1)) == NOT_THERE
    await town.wait(days=5)
    assert rounds(town) == ["held"]
    await town.wait(timedelta(days=400))
    assert town.rows(ListeningPair) == town.rows(ListeningSeat) == []


@in_the_room
@sqlite
async def test_nobody_waits_for_who_is_forgotten_and_the_rounds_are_offered_as_a_next_step(town: Town) -> None:
    await begin(town, "chi", "dee")
    await town.command("chi", "/me")
    await town.press_kept("chi", Action("me", "delete-now", "", 1))
    assert letters(town, "dee") == [
        "Clean River: whoever you were to listen to is in the rounds no more. You go first in the next one."
    ]
    assert town.rows(ListeningPair) == []
    assert [row["waits"] for row in town.rows(Listener)] == [1]
    ritual = find_rituals().by_name["listening"]
    assert ritual.offers is not None
    await town.wait(days=11)
    assert "it is over. Pairs that talked: 0 of 1." in town.channel()[1]


@sqlite
@where_anything_can_be_typed
async def test_only_organizers_start_a_round_and_who_wants_no_asks_is_left_out(town: Town) -> None:
    await town.start_movement()
    only = "Only an organizer can do this."
    assert [await town.command("chi", f"/listen {word}") for word in ("now", "end")] == [only, only]
    assert await town.command("chi", "/listen x") == (
        "I know /listen, /listen in and /listen stop, and for organizers /listen now and /listen end."
    )
    assert await town.command("chi", "/listen stop") == "You are in no listening round. /listen in lets you in."
    assert await town.command("ana", "/listen end") == "No listening round is on, so there is nothing to end."
    town.set_member("ben", opted_out=True)
    assert await town.command("ben", "/listen in") == (
        "You asked to be left out of everything that is counted. Change that with /me first."
    )
    for who in ("ana", "chi", "dee"):
        await town.command(who, "/listen in")
    town.set_member("dee", asks=False)
    assert "so you are left out until you change that with /me." in await town.command("dee", "/listen")
    await town.command("ana", "/listen now")
    assert pairs(town) == [{"ana", "chi"}]
    assert (await town.command("ana", "/listen now")).startswith("A round is on already, until Wed 11 November, 12:00.")
    assert (await town.look("chi")).startswith(
        f"Clean River\nHalf an hour to listen to each other: you and @Ana, until Wed 11 November, 12:00.\n{WAYS}"
    )
    await town.press("chi", "We talked")
    assert "You owe nothing right now." in await town.look("chi")
    assert "This round you listen with @Ana.\n" in await town.command("chi", "/listen")


def test_the_questions_change_from_round_to_round_and_come_round_again() -> None:
    seen = [question for number in range(7) for question in questions_of(number)]
    assert seen == list(QUESTIONS)
    assert questions_of(7) == questions_of(0)


def test_the_heaviest_words_of_three_people_fit() -> None:
    heavy, name = "_\n\n" * 333, "*" * 80
    three = [(name, heavy)] * 3
    people = [Mention("ben", name)] * 2
    for message in (
        messages.shared_words(three, [name] * 3),
        views.heard_words(views.Heard(7, heavy, three[1:], sharing=True, waiting_for=[name] * 2), _action).message,
        messages.question("M" * 200, messages.Asked(messages.Shown(7, people), [name] * 2, wrote=[name] * 2), _action),
    ):
        assert isinstance(message, Message)


def _action(verb: str, about: str | int = "") -> Action:
    return Action("listening", verb, str(about), 1)
