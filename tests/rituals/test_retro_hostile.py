"""Whatever people write in a retro, it goes through every phase letter for letter, or they get a clear sentence."""

from __future__ import annotations

import pytest

from bot.chat import Answer, Attachment, Person, Problems, Quote
from bot.plain import tidy, tidy_line
from rituals.retro.tables import Retro, RetroTopic
from tests.retros import board, lead, start, vote, write
from tests.rituals.test_hostile_words import HOSTILE, fill_up, pings, views
from tests.town import Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLATFORMS = ("playground",)
WORDED = {kind: words for kind, words in HOSTILE.items() if tidy(words) and kind != "huge"}


def sentences(answer: Answer) -> list[str]:
    return [sentence for _, sentence in answer.sentences] if isinstance(answer, Problems) else []


async def test_hostile_notes_topics_and_outcomes_come_back_as_they_are(town: Town) -> None:
    await start(town)
    for kind, hostile in WORDED.items():
        said = await write(town, "chi", fill_up(kind, hostile, 400))
        assert said.startswith("Your note is in"), kind
    await lead(town, "Show the notes")
    seen = await town.press("dee", "Read the notes")
    for page in range(2, 20):
        if f"[Page {page}]" in seen:
            seen = await town.press("dee", f"Page {page}")
    quoted = {part.words for view in views(town) for part in view.parts if isinstance(part, Quote)}
    shown = {kind: tidy(fill_up(kind, hostile, 400)) for kind, hostile in WORDED.items()}
    # What weighs most is cut at its end, with a mark that says so.
    assert [kind for kind, words in shown.items() if not any(words.startswith(one.rstrip("…")) for one in quoted)] == []
    topics = [int(str(row["id"])) for row in town.rows(RetroTopic)]
    number = town.rows(Retro)[0]["occurrence_id"]
    for topic, (kind, hostile) in zip(topics, WORDED.items(), strict=False):
        await lead(town, "Arrange the topics")
        await town.press("ana", "Open a topic", choice=str(topic))
        await town.press("ana", "Rename")
        name = fill_up(kind, hostile, 120)
        assert sentences(await town.send_past_the_form("ana", name=name)) == [], kind
        names = {row["id"]: row["name"] for row in town.rows(RetroTopic)}
        assert names[topic] == tidy_line(name), kind
    assert number is not None
    await lead(town, "On to the votes")
    await vote(town, "chi")
    await lead(town, "On to the talk")
    for kind, hostile in WORDED.items():
        words = fill_up(kind, hostile, 300)
        await town.press("chi", "A decision to make")
        assert sentences(await town.send_past_the_form("chi", decision=words)) == [], kind
        await town.press("chi", "Make a promise")
        assert sentences(await town.send_past_the_form("chi", what=words, due="2026-11-06")) == [], kind
    await lead(town, "Close the retro")
    summary = town.room.thread(board(town).id)[-1]
    assert summary.view is not None
    assert any(isinstance(part, Attachment) for part in summary.view.parts)
    assert pings(town) == []
    assert "Sorry" not in town.all_words()


@pytest.mark.parametrize(
    ("line", "button"),
    [
        ("/retro now", ""),
        ("/retro settings", ""),
        ("/retro votes", ""),
        ("/retro note", ""),
        ("", "Change the time"),
        ("", "Hand it over"),
    ],
)
async def test_hostile_words_in_any_field_get_a_sentence(town: Town, line: str, button: str) -> None:
    await (town.start_movement() if line else start(town))
    wrong = []
    for kind, hostile in HOSTILE.items():
        await (town.command("ana", line) if line else lead(town, button))
        names = [field.name for field in town.form("ana").form.fields]
        for name in names:
            for words in (fill_up(kind, hostile, 400), (fill_up(kind, hostile, 40),)):
                picked = {"format": ("own",)} if name == "columns" else {}
                answer = await town.send_past_the_form("ana", **{**picked, name.replace("-", "_"): words})
                wrong += [f"{kind} in {name}: {one}" for one in sentences(answer) if "Sorry" in one or one[-1] != "."]
                if line == "/retro now" and not isinstance(answer, Problems):
                    await lead(town, "Close the retro")
    assert wrong == []
    assert pings(town) == []
    assert "Sorry" not in town.all_words()


async def test_hostile_words_behind_the_command_get_a_sentence_or_a_form_that_holds_them(town: Town) -> None:
    await town.start_movement()
    for kind, hostile in HOSTILE.items():
        if kind == "huge":
            continue  # no chat lets anybody send that
        words = fill_up(kind, hostile, 400)
        assert "Sorry" not in await town.command("chi", f"/retro {words}"), kind
        assert (await town.command("chi", f"/retro note {words}")).startswith("A note for the retro"), kind
        assert getattr(town.form("chi").form.fields[-1], "value", "") == tidy(words)


async def test_hostile_names_facilitate(town: Town) -> None:
    await town.start_movement()
    names = [fill_up(kind, words, 100) for kind, words in HOSTILE.items()]
    await town.bring(*(Person(f"p{number}", name, "UTC") for number, name in enumerate(names)))
    await start(town)
    for number, _ in enumerate(names):
        town.set_member(f"p{number}", role="organizer")
        await town.press(f"p{number}", "Facilitate", on=board(town))
        await town.press(f"p{number}", "Take over")
        await town.command(f"p{number}", "/retro rota")
        await lead(town, "Hand it over", f"p{number}")
        await town.fill(f"p{number}", whom=("ana",))
    assert pings(town) == []
    assert "Sorry" not in town.all_words()
