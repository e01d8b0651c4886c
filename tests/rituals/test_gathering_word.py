"""I'm here: the word that is said aloud in the room; who is not there cannot find it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Action
from bot.store import Table
from bot.tables import Gathering
from rituals.gathering.easy_words import EASY, changes_at, is_word, word_at
from tests.gatherings import card, letters, more
from tests.logged import log
from tests.town import Town
from tests.turnouts import HERE, at, coming, evidence, say_here, start, town_hall, word, wrong

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

KEY = "5e" * 32
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
KEYS = st.binary(min_size=32, max_size=32).map(bytes.hex)
MOMENTS = st.integers(min_value=0, max_value=10**9).map(lambda seconds: NOON + timedelta(seconds=seconds))


# ------------------------------------------------------------------------------------------------ the word itself


def test_there_are_too_many_words_to_guess_and_each_is_easy_to_say() -> None:
    assert len(set(EASY)) == len(EASY) >= 400
    assert all(one.isascii() and one.isalpha() and one.islower() and 4 <= len(one) <= 10 for one in EASY)
    drawn = {word_at(KEY, NOON + timedelta(minutes=10 * number)) for number in range(2000)}
    assert len(drawn) > 1950


@given(KEYS, MOMENTS)
def test_a_word_lasts_ten_minutes_and_five_more(key: str, moment: datetime) -> None:
    said = word_at(key, moment)
    first, second = said.split()
    assert first != second
    change = changes_at(moment)
    assert timedelta() < change - moment <= timedelta(minutes=10)
    assert word_at(key, change - timedelta(seconds=1)) == said
    assert is_word(said, key, change + timedelta(minutes=5, seconds=-1))
    assert not is_word(said, key, change + timedelta(minutes=5))


@pytest.mark.parametrize("how", [str.upper, str.title, lambda said: said.replace(" ", "-"), lambda said: f" {said}. "])
def test_one_may_write_it_as_one_hears_it(how: object) -> None:
    assert callable(how)
    assert is_word(how(word_at(KEY, NOON)), KEY, NOON)
    assert is_word(word_at(KEY, NOON).replace(" ", "").replace("e", "é").replace("o", "ö"), KEY, NOON)
    assert not is_word(word_at(KEY, NOON).split()[0], KEY, NOON)
    assert not is_word("", KEY, NOON)


# ------------------------------------------------------------------------------------------------ in the room


async def test_who_hears_the_word_is_here_and_who_guesses_is_asked_to_be_ticked(town: Town) -> None:
    await town_hall(town, "chi")
    here = Action("gathering", "here", str(town.rows(Gathering)[-1]["id"]), 1)
    assert await town.press_kept("chi", here) == "It has not begun yet. Once it has, write here what is said aloud."
    await town.wait_until(at(18, 1))
    assert "The word" not in await more(town, "ben")
    show = Action("gathering", "word", here.about, 1)
    assert await town.press_kept("ben", show) == "Only whoever runs it sees the word, so that it is said in the room."
    await start(town)
    said = await town.press("ana", "Show the word")
    spoken = await word(town)
    assert said == (
        f"Say this aloud: {spoken}\nIt changes at 18:10; what you have said stays good for five minutes more. Only you "
        "see it, so say it, and don't write it down where others read.\n[Show the next word] [Roll call]"
    )
    # The same after a restart, and in the next minutes.
    await town.restart()
    await town.wait_until(at(18, 14))
    assert await word(town) != spoken
    assert await say_here(town, "chi", spoken.upper()) == HERE
    assert await town.press_kept("chi", here) == "You are down as here already. Thank you for coming."
    await town.wait_until(at(18, 16))
    late = "That is not the word of this moment. Please listen again; 4 tries left."
    assert await say_here(town, "dee", spoken) == f"word: {late}"
    for left in ("3 tries", "2 tries", "1 try"):
        assert await town.fill("dee", word="piano tiger") == f"word: {late.replace('4 tries', left)}"
    ask = "Please ask whoever runs it to tick you in the roll call."
    assert (
        await town.fill("dee", word="piano tiger") == f"word: That is not the word, and there are no tries left. {ask}"
    )
    assert await town.fill("dee", word=await word(town)) == f"word: There are no tries left. {ask}"
    assert (await town.press_kept("dee", here), wrong(town)) == (f"There are no tries left. {ask}", [5])
    # It stays good for half an hour after the end, for those who have tries left.
    await town.wait_until(at(19, 59))
    assert "[I'm here] [More]" in card(town).text
    assert await say_here(town, "ben", await word(town)) == HERE
    await town.wait_until(at(20, 2))
    assert "I'm here" not in card(town).text
    assert await town.press_kept("dee", here) == (
        "The word is not taken any more. Whoever runs it can tick you in the roll call."
    )
    assert evidence(town) == {("ana", "lead", "came"), ("ben", "word", "came"), ("chi", "word", "came")}
    assert [act for act in coming(town) if act[1] == "attended"] == [(who, "attended") for who in ("ana", "ben", "chi")]


@in_the_room
@sqlite
async def test_the_word_stands_nowhere(town: Town) -> None:
    with log() as entries:
        await town_hall(town)
        await town.wait_until(at(18, 1))
        await start(town)
        spoken = await word(town)
        await say_here(town, "chi", spoken)
        await say_here(town, "dee", "piano tiger")
    assert entries
    shown = "\n".join([*town.channel(), *(text for who in ("ana", "ben", "chi", "dee") for text in town.inbox(who))])
    rows = repr([town.rows(mapper.class_) for mapper in Table.registry.mappers])
    for said in (spoken, spoken.split()[0], "piano", "tiger"):
        assert said not in f"{shown}{rows}{entries}"
    # It follows from a secret that is forgotten when no word is taken any more.
    assert len(str(town.rows(Gathering)[-1]["word_key"])) == 64
    await town.wait_until(at(20, 2))
    assert town.rows(Gathering)[-1]["word_key"] == ""
    assert letters(town, "chi") == []
