"""After a gathering: who came looks back in private, newcomers are welcomed with their yes, and notes are a promise."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.chat import Action
from bot.looking_back import recorded_gatherings, reflection_words
from bot.tables import Gathering, Member, Movement, Promise
from rituals.retro.tables import RetroNote
from tests.gatherings import card, followed_up, letters, more
from tests.town import Town
from tests.turnouts import at, numbers, say_here, seat_seven, start, town_hall, word

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

ASKED = (
    "Clean River: thank you for coming to town hall.\n"
    "What worked, what didn't, what to try next: one line is enough, which takes a minute. It waits for the next retro "
    "without your name.\n"
    "[What worked] [What didn't work] [What to try next]\n"
)
WELCOME = (
    "It was your first time with us. May I welcome you by name in the channel?\n[Yes, welcome me] [No, thank you]\n"
)
NOT_ME = "[I wasn't there]"
# Among fewer than five nobody is told that a line without a name says nothing of them.
AMONG_FEW = ASKED.replace(" without your name", "")
NOT_KNOWN = (
    "Clean River: you had said yes to town hall, and nobody has told me that you were there. If you were, one tap puts "
    "it right. If not, that is fine, and nothing is left for you to do.\n[I was there]"
)


async def call_the_roll(town: Town, *came: str, **rest: str | tuple[str, ...]) -> None:
    """File the roll call as Ana, with those who came of those who had said yes."""
    await more(town, "ana")
    await town.press("ana", "Roll call")
    await town.fill("ana", came_0=numbers(town, *came), **rest)


async def test_who_came_is_asked_once_and_a_welcome_by_name_needs_a_yes(town: Town) -> None:
    await seat_seven(town)
    await town_hall(town, "ana", "ben", "chi", "dee", "fay")
    town.set_member("gus", reminders=False)
    await more(town, "chi")
    said = await town.press("chi", "I'll take notes")
    assert said == (
        "You take notes at town hall, Mon 2 November, 18:00. Thank you.\n"
        "When it is over, it becomes your promise: the notes within 24 hours. It takes about 30 minutes, and I remind "
        "you once.\n[I can't after all]"
    )
    assert "Host: Ana\nNotes: Chi\n" in card(town).text
    await more(town, "ben")
    await town.wait_until(at(18))
    await start(town)
    assert await say_here(town, "ben", await word(town)) == "You are down as here. Thank you for coming."
    await town.wait_until(at(19, 45))
    # The notes are promised at the close, though nobody has told yet who came.
    (promise,) = town.rows(Promise)
    assert (promise["what"], promise["due_at"], promise["public"]) == ("Notes of town hall", at(19, 45, day=3), True)
    assert (promise["accepted_at"], promise["asked_by_id"]) == (at(19, 45), None)
    assert [followed_up(town, who) for who in ("ana", "ben", "chi")] == [[], [], []]
    # Filed late at night, the roll call wakes nobody.
    await town.wait_until(at(23))
    await call_the_roll(town, "ana", "ben", "chi", others=("eli", "gus"), excused=("fay",))
    await town.wait_until(at(6, day=3))
    assert [followed_up(town, who) for who in ("ana", "chi", "dee", "eli")] == [[], [], [], []]
    await town.wait_until(at(7, 1, day=3))
    assert followed_up(town, "ana") == [ASKED + NOT_ME]
    assert followed_up(town, "ben") == [ASKED + WELCOME + NOT_ME]
    due = "You took the notes; they are promised by Tue 3 November, 19:45.\n"
    assert followed_up(town, "chi") == [ASKED + due + WELCOME + NOT_ME]
    assert followed_up(town, "dee") == [NOT_KNOWN]
    assert followed_up(town, "eli") == [ASKED + WELCOME + NOT_ME]
    # Excused by the host; wants no reminders.
    assert (followed_up(town, "fay"), followed_up(town, "gus")) == ([], [])

    # Welcomed by name is who says yes, in one message that grows.
    assert await town.press("eli", "Yes, welcome me") == (
        "Thank you. I welcome you by name under its card in the channel."
    )
    assert town.thread(card(town))[-1] == "Welcome, Eli."
    assert followed_up(town, "eli") == [ASKED + NOT_ME]
    assert await town.press("chi", "Yes, welcome me") != ""
    assert town.thread(card(town))[1:] == ["Welcome, Eli and Chi."]
    # Nobody is told who did not come, and nobody is asked twice.
    assert await town.press("dee", "I was there") != ""
    await town.wait(days=4)
    asked = [len(followed_up(town, who)) for who in ("ana", "ben", "chi", "dee", "eli", "fay", "gus")]
    assert asked == [1, 1, 1, 1, 1, 0, 0]
    assert "Fay" not in "\n".join([*town.channel(), *town.thread(card(town)), *letters(town, "ben")])


async def test_a_line_on_a_gathering_belongs_to_nobody_and_waits_for_the_next_retro(town: Town) -> None:
    await town.start_movement()
    await town_hall(town, "ana", "ben", "chi")
    await town.wait_until(at(18))
    await start(town)
    await town.wait_until(at(19, 45))
    await call_the_roll(town, "ana", "ben", "chi")
    await town.wait(minutes=2)
    # A form that comes twice is one note, and one that is changed is no second one.
    await town.press("ben", "What to try next")
    form = town.form("ben").form
    assert (form.title, form.fields[0].label) == ("What to try next", "town hall: one line is enough")
    assert form.fields[0].hint == "Kept without your name, but among 3 people others may guess whose it is."
    note = await town.fill("ben", note="Begin with a round of names")
    assert note.startswith("Your note waits for the next retro. Nobody sees it until then. I don’t keep who wrote it")
    await town.redeliver()
    await town.press("chi", "What worked")
    await town.fill("chi", note="The soup")
    await town.press("chi", "Change it")
    await town.fill("chi", note="town hall: The soup afterwards")
    assert [row["reflections"] for row in town.rows(Gathering)] == [2]
    assert list(town.acts("feedback_given")) == []
    await town.command("ana", "/retro now")
    await town.fill("ana")
    found = sorted((row["column"], row["words"], row["member_id"]) for row in town.rows(RetroNote))
    assert found == [
        (0, "town hall: The soup afterwards", None),
        (2, "town hall: Begin with a round of names", None),
    ]


@in_the_room
@sqlite
async def test_what_is_corrected_or_did_not_happen_is_not_followed_up(town: Town) -> None:
    await seat_seven(town)
    await town_hall(town, "ana", "ben")
    await more(town, "ana")
    await town.press("ana", "Ask somebody to take notes")
    assert await town.fill("ana", whom=("dee",)) == "I ask Dee in private. They take notes once they say yes."
    assert letters(town, "dee")[-1] == (
        "Clean River: Ana asks whether you take notes at town hall, Mon 2 November, 18:00.\n"
        "It takes about 30 minutes: what was said and decided, for those who could not come, within 24 hours "
        "afterwards. Either answer is fine.\n[I'll take notes] [I can't]"
    )
    await town.press("dee", "I can't")
    assert letters(town, "dee")[-1] == (
        "town hall, Mon 2 November, 18:00. You can't take notes this time. Thank you for saying so."
    )
    await more(town, "ana")
    await town.press("ana", "Ask somebody to take notes")
    await town.fill("ana", whom=("chi",))
    await town.press("chi", "I'll take notes")
    await more(town, "ben")
    assert "[I'll take notes]" not in await more(town, "dee")
    await town.wait_until(at(18))
    await start(town)
    await town.wait_until(at(20))
    assert [row["released_at"] for row in town.rows(Promise)] == [None]
    await town.press("ana", "It did not happen")
    await town.wait(days=2)
    assert [followed_up(town, who) for who in ("ana", "ben", "chi")] == [[], [], []]
    assert [row["released_at"] is not None for row in town.rows(Promise)] == [True]


@in_the_room
@sqlite
async def test_whoever_turns_out_not_to_have_been_there_owes_no_notes_and_is_welcomed_no_more(town: Town) -> None:
    await seat_seven(town)
    await town_hall(town, "ana", "ben", "chi", "dee")
    await more(town, "chi")
    await town.press("chi", "I'll take notes")
    await town.wait_until(at(18))
    await start(town)
    await town.wait_until(at(19, 45))

    def let_go() -> bool:
        (promise,) = town.rows(Promise)
        return promise["released_at"] is not None

    assert not let_go()
    await call_the_roll(town, "ana", "ben", "dee", excused=("chi",))
    assert let_go()
    # Whoever was there after all has promised them as before.
    await call_the_roll(town, "ana", "ben", "chi", "dee", excused=())
    assert not let_go()
    await town.wait(minutes=2)
    for person in ("ben", "dee"):
        await town.press(person, "Yes, welcome me")
    assert town.thread(card(town))[1:] == ["Welcome, Ben and Dee."]
    # Days later, too, the notes were not missed: they could not be written.
    await town.wait(days=3)
    for person in ("chi", "ben"):
        await town.press_kept(person, Action("gathering", "was-not", "1", 1))
    (promise,) = town.rows(Promise)
    assert promise["released_at"] == promise["made_at"]
    await town.wait(minutes=2)
    assert town.thread(card(town))[-1] == "Welcome, Dee."
    await town.press_kept("dee", Action("gathering", "was-not", "1", 1))
    await town.wait(minutes=2)
    assert town.thread(card(town))[-1] == "Welcome."


@in_the_room
@sqlite
async def test_a_second_time_nobody_is_new_and_whoever_is_forgotten_is_welcomed_no_more(town: Town) -> None:
    await seat_seven(town)
    cards = []
    for day in (2, 3):
        await town_hall(town, "ana", "ben", "chi", line="town hall tomorrow 18:00 1h")
        cards.append(card(town))
        await town.wait_until(at(18, day=day))
        await start(town)
        await town.wait_until(at(19, 30, day=day))
        await call_the_roll(town, "ana", "ben", "chi")
        await town.wait(minutes=2)
        if day == 2:
            for person in ("ben", "chi"):
                await town.press(person, "Yes, welcome me")
            assert town.thread(cards[0])[1:] == ["Welcome, Ben and Chi."]
    assert followed_up(town, "chi") == [AMONG_FEW + NOT_ME, AMONG_FEW + NOT_ME]
    # Asked again after what they have settled, they are told so.
    settled = "This is settled already. Thank you for coming."
    assert await town.press_kept("chi", Action("gathering", "welcome", "1", 1)) == settled
    assert await town.press_kept("dee", Action("gathering", "no-welcome", "1", 1)) == settled
    with town.drumbeat.database.transaction() as db:
        (movement,) = db.scalars(select(Movement))
        held = sorted((one.at, one.came, one.notes) for one in recorded_gatherings(db, movement, now=town.clock()))
        assert reflection_words(db, movement, now=town.clock()) == ""
    assert held == [(at(18), 3, 0), (at(18, day=3), 3, 0)]
    await town.command("chi", "/me")
    for step in ("My data", "Delete me", "Delete me now"):
        await town.press("chi", step)
    await town.wait(minutes=3)
    assert town.thread(cards[0])[1:] == ["Welcome, Ben."]
    ben = next(row["id"] for row in town.rows(Member) if row["person"] == "ben")
    assert [row["welcomed"] for row in town.rows(Gathering)] == [[ben], []]
