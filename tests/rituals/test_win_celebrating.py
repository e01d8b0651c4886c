"""Celebrating a win: any reaction, a reply or a line of thanks counts once a person, and nobody else is named."""

from __future__ import annotations

import pytest

from adapters.playground.scene import Post
from bot.chat import Person, Problems
from rituals.win.tables import Cheer
from tests.rituals.test_win_reporting import HARBOUR, report
from tests.town import Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def a_win(town: Town) -> Post:
    await town.start_movement()
    await report(town, makers=("ana",), evidence="6 bins")
    return town.post("A win")


def shown(town: Town) -> str:
    """What the post of the win says between its words and its buttons."""
    lines = town.post("A win").text.split("\n")
    assert lines[:4] == ["A win, told by Chi", f"> {HARBOUR}", "Evidence: 6 bins", "Made it happen: Ana"]
    assert lines[-1] == "[Say thanks] [Change]"
    return "\n".join(lines[4:-1])


async def react(town: Town, who: str, post: Post, emoji: str, *, on: bool = True) -> None:
    await town.room.react(who, post.id, emoji, on=on)
    await town.settle()


async def test_any_reaction_counts_once_a_person_until_the_last_is_taken_back(town: Town) -> None:
    post = await a_win(town)
    assert shown(town) == ""
    await react(town, "dee", post, "👍")
    assert shown(town) == "One person celebrated this."
    await react(town, "dee", post, "🎉")
    await react(town, "ben", post, "🎉")
    assert shown(town) == "2 people celebrated this."
    await react(town, "dee", post, "👍", on=False)
    assert shown(town) == "2 people celebrated this."
    await react(town, "dee", post, "🎉", on=False)
    assert shown(town) == "One person celebrated this."
    assert town.thread(post) == []


async def test_those_it_is_about_are_not_counted_for_it(town: Town) -> None:
    post = await a_win(town)
    await react(town, "ana", post, "👍")
    await town.say("ana", "Thank you all", under=post)
    await town.say("chi", "It was on Monday", under=post)
    town.set_member("ben", opted_out=True)
    await react(town, "ben", post, "👍")
    assert shown(town) == ""


async def test_a_reply_in_the_thread_celebrates_too(town: Town) -> None:
    post = await a_win(town)
    await town.say("dee", "At last!", under=post)
    await town.say("dee", "And so quickly", under=post)
    await town.redeliver()
    await town.settle()
    assert shown(town) == "One person celebrated this."
    assert town.thread(post) == ["At last!", "And so quickly"]
    assert [row["words"] for row in town.rows(Cheer)] == [""]


async def test_thanks_stand_together_in_one_message_of_the_thread(town: Town) -> None:
    post = await a_win(town)
    await town.press("dee", "Say thanks")
    assert await town.fill("dee", words="Well done, @ana") == "It stands under the win."
    await town.press("ben", "Say thanks")
    await town.fill("ben", words="Thank you")
    assert town.thread(post) == ["Thanks\nDee\n> Well done, @ana\nBen\n> Thank you"]
    await town.restart()
    await town.press("dee", "Say thanks")
    await town.fill("dee", words="Well done")
    assert town.thread(post) == ["Thanks\nDee\n> Well done\nBen\n> Thank you"]
    await town.press("dee", "Say thanks")
    assert await town.fill("dee", words="") == "Taken back."
    assert town.thread(post) == ["Thanks\nBen\n> Thank you"]
    assert shown(town) == "One person celebrated this."


async def test_a_line_of_nothing_is_no_thanks(town: Town) -> None:
    await a_win(town)
    await town.press("dee", "Say thanks")
    answer = await town.send_past_the_form("dee", words="\u200b")
    assert answer == Problems({"words": "Please fill this in."})


async def test_eighty_people_celebrate_and_the_channel_hears_nothing_more(town: Town) -> None:
    post = await a_win(town)
    people = [Person(f"p{number}", f"Person {number}") for number in range(80)]
    await town.bring(*people)
    for person in people[:70]:
        await town.room.react(person.id, post.id, "👍")
    for person in people[70:]:
        await town.press(person.id, "Say thanks")
        await town.fill(person.id, words=f"Thanks from {person.name}")
    await town.settle()
    assert shown(town) == "80 people celebrated this."
    assert len(town.channel()) == 2
    assert town.thread(post) == [
        "\n".join(
            [
                "Thanks",
                *(line for number in range(72, 80) for line in (f"Person {number}", f"> Thanks from Person {number}")),
                "… and 2 more before these.",
            ]
        )
    ]


async def test_a_reaction_to_anything_else_of_ours_counts_nowhere(town: Town) -> None:
    await a_win(town)
    await town.command("ana", "/win digest")
    await react(town, "dee", town.post("One win since"), "👍")
    await react(town, "dee", town.post("Clean River starts"), "👍")
    assert shown(town) == ""
    assert town.rows(Cheer) == []
