"""One's own record of a gathering: seen by oneself, corrected within a week, answered once by whoever ran it."""

from __future__ import annotations

import pytest

from bot.chat import Action
from tests.gatherings import card, letters, more
from tests.town import Town
from tests.turnouts import (
    at,
    coming,
    evidence,
    kept,
    numbers,
    roll_call,
    say_here,
    seat_seven,
    start,
    town_hall,
    turnout,
    word,
)

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

OWN = "town hall, Mon 2 November, 18:00: "
MAY = "Only you see this here.\nYou can correct it within a week. Whoever ran it is told, and may answer once.\n"
SAYS = "Clean River: {who} says that they {said} town hall (Mon 2 November, 18:00)."
ONCE = (
    "\nIt counts as they say. If that cannot be, say so once, and it stands as you say; they are told.\n[That's not so]"
)
ENDED = "Whoever ran it has answered your correction, so it stays. Talk to them if it is wrong."


async def own(town: Town, who: str) -> str:
    """Look up one's own record, under More on the card."""
    await more(town, who)
    return await town.press(who, "Was I there?")


async def held(town: Town) -> None:
    """Hold a town hall that Ana runs: Ben wrote the word and is not ticked, Chi and Dee are not either, Fay is."""
    await seat_seven(town)
    await town_hall(town, "ben", "chi", "dee", "fay")
    await town.wait_until(at(18))
    await start(town)
    await say_here(town, "ben", await word(town))
    await town.wait_until(at(19, 45))
    await roll_call(town)
    await town.fill("ana", came_0=numbers(town, "fay"))
    await town.wait(minutes=2)


async def test_ones_own_word_counts_until_whoever_ran_it_answers(town: Town) -> None:
    await held(town)
    assert turnout(town) == "It is over. Three came; four had said yes."
    before = coming(town)
    assert await own(town, "chi") == (
        OWN + "you are down as not having been there (not ticked by Ana). " + MAY + "[I was there]"
    )
    assert (
        await town.press("chi", "I was there") == "Corrected. town hall: you are down as having been there.\n[I wasn't]"
    )
    assert letters(town, "ana")[-1] == SAYS.format(who="Chi", said="were at") + ONCE
    assert coming(town) == sorted([*before, ("chi", "attended")])
    await town.wait(minutes=2)
    assert turnout(town) == "It is over. Four came; four had said yes."
    assert town.thread(card(town)) == ["town hall: four came; four had said yes."]
    # Ben wrote the word and says that he was not there: his own word beats it.
    assert "having been there (you wrote the word)" in await own(town, "ben")
    await town.press("ben", "I wasn't")
    assert letters(town, "ana")[-1] == SAYS.format(who="Ben", said="were not at") + ONCE
    assert [act for act in coming(town) if act[0] == "ben"] == []
    # Ana answers Chi once, and that is the end of it; nobody else hears of it.
    chis = next(post for post in town.room.inbox("ana") if "Chi says" in post.text)
    assert await town.press("ana", "That's not so", on=chis) == (
        "Noted. It stands as you say, and they are told in private."
    )
    assert letters(town, "chi")[-1] == (
        "Clean River: Ana remembers town hall (Mon 2 November, 18:00) otherwise than you, so you stay down as not "
        "having been there. Nobody else is told. If it is wrong, a word with Ana is the way."
    )
    assert letters(town, "ana")[-2] == "town hall, Chi: Ana has answered, so it stands."
    assert await own(town, "chi") == (
        OWN + "you are down as not having been there (Ana answered so). Only you see this here.\n" + ENDED
    )
    said = Action("gathering", "was-there", "1", 1)
    assert await town.press_kept("chi", said) == await own(town, "chi")
    assert ("chi", "attended") not in coming(town)
    await town.wait(minutes=2)
    assert turnout(town) == "It is over. Two came; four had said yes."
    # A roll call that is called again is whoever ran it saying otherwise themselves.
    await roll_call(town)
    await town.fill("ana", came_0=numbers(town, "chi", "fay"))
    assert ("chi", "attended") in coming(town)
    assert ("ben", "attended") not in coming(town)
    everybody = "\n".join([*town.channel(), *town.thread(card(town)), *letters(town, "dee"), *letters(town, "fay")])
    assert all(name not in everybody.replace("Ben and", "") for name in ("Chi", "Ben", "Dee"))


@in_the_room
@sqlite
async def test_a_change_of_mind_notifies_nobody_again_and_after_a_week_it_stays(town: Town) -> None:
    await held(town)
    await own(town, "chi")
    await town.press("chi", "I was there")
    count = len(letters(town, "ana"))
    assert await town.press("chi", "I wasn't") == (
        "Corrected. town hall: you are down as not having been there.\n[I was there after all]"
    )
    await town.press("chi", "I was there after all")
    await town.redeliver()
    assert len(letters(town, "ana")) == count
    assert SAYS.format(who="Chi", said="were at") + ONCE in letters(town, "ana")
    assert {one for one in evidence(town) if one[0] == "chi"} == {("chi", "roll", "away"), ("chi", "self", "came")}
    late = "It can be corrected within a week, and that has passed."
    await town.wait_until(at(19, 31, day=9))
    assert await own(town, "dee") == (
        OWN + f"you are down as not having been there (not ticked by Ana). Only you see this here.\n{late}"
    )
    assert (await town.press_kept("dee", Action("gathering", "was-there", "1", 1))).endswith(late)
    # Chi corrected it in time, and a week from then Ana may answer.
    disagree = Action("gathering", "disagree", evidence_of(town, "chi"), 1)
    await town.wait_until(at(20, day=10))
    assert await town.press_kept("ana", disagree) == "This was more than a week ago, so it stays as they say."
    assert ("chi", "attended") in coming(town)


def evidence_of(town: Town, who: str) -> str:
    """What an answer to a correction is about."""
    return f"1/{numbers(town, who)[0]}"


@in_the_room
@sqlite
async def test_only_whoever_can_know_answers_and_nobody_answers_themselves(town: Town) -> None:
    await seat_seven(town)
    await town_hall(town, "ben", "chi", "dee", who="ben")
    correct = Action("gathering", "correct", "1", 1)
    assert await town.press_kept("chi", correct) == (
        "It is not over yet. While it is on, I'm here on its card writes you down."
    )
    await town.wait_until(at(18))
    await start(town, "ben")
    await town.wait_until(at(19, 45))
    # Nobody has told who came: what people say of themselves is all there is, and is enough for them.
    assert await own(town, "chi") == OWN + "nothing is written down about you. " + MAY + "[I was there] [I wasn't]"
    await town.press("chi", "I was there")
    assert (kept(town), [one for one in coming(town) if one[0] == "chi"]) == (
        ("over", False, "held"),
        [("chi", "attended")],
    )
    # Ben ran it and says that he was not there: then others are told, and nobody hosted it.
    await own(town, "ben")
    await town.press("ben", "I wasn't")
    assert letters(town, "ana")[-1] == SAYS.format(who="Ben", said="were not at") + ONCE
    assert (kept(town), coming(town)) == (("over", False, "missed"), [("chi", "attended")])
    only = "Only whoever ran it can answer this."
    assert await town.press_kept("ben", Action("gathering", "disagree", evidence_of(town, "ben"), 1)) == only
    assert await town.press_kept("dee", Action("gathering", "disagree", evidence_of(town, "ben"), 1)) == only
    settled = "This is settled already. Thank you."
    assert await town.press_kept("ana", Action("gathering", "disagree", evidence_of(town, "dee"), 1)) == settled
    for about in ("1/", "1/99", "9/1", "x", "1/99999999999999999999"):
        said = await town.press_kept("ana", Action("gathering", "disagree", about, 1))
        assert said == "This gathering is not there any more."
    await town.press("ana", "That's not so")
    assert (kept(town), len(coming(town))) == (("over", False, "held"), 4)
    assert await town.press_kept("ana", Action("gathering", "disagree", evidence_of(town, "ben"), 1)) == settled
    # Somebody of another movement, and somebody who asked not to be counted, change nothing.
    town.set_member("gus", opted_out=True)
    nothing = "You asked not to be counted, so nothing is written down about you."
    assert await town.press_kept("gus", correct) == nothing
    assert await town.press_kept("gus", Action("gathering", "was-there", "1", 1)) == nothing
    town.room.add_channel("hill", "hill", creator="eli")
    town.room.seat("hill", "eli")
    await town.start_movement(who="eli", channel="hill", name="Green Hill")
    for verb in ("correct", "was-there", "roll", "word", "here", "start", "nobody"):
        said = await town.press_kept("eli", Action("gathering", verb, "1", 2), channel="hill")
        assert said == "This gathering is not there any more."
    assert len(coming(town)) == 4
