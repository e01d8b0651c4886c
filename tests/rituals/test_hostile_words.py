"""Whatever people write, they get a clear sentence or their words back, letter for letter; nobody is pinged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.chat import (
    Action,
    Choice,
    Facts,
    Link,
    Mention,
    Message,
    People,
    Person,
    Place,
    Problems,
    Quote,
    Said,
    Span,
    Text,
    Whisper,
)
from bot.plain import tidy, tidy_line
from bot.routing import find_rituals
from tests.town import RIVER, Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HOSTILE = {
    "mentions": "<@ben> <!channel> <!here> @everyone @here <#river> <@&1>",
    "markup": "*a* _b_ ~~c~~ `d` ```e``` [f](https://x.example) <https://x.example|g> ||h||",
    "right to left": "\u202eevil\u202c \u2067x\u2069 \u200f\u05e9\u05dc\u05d5\u05dd",
    "zero width": "in\u200bvis\u2060i\ufeffble",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308 \U0001f1e9\U0001f1ea",
    "emoji to the limit": "\U0001f44d" * 45,
    "control": "a\x00b\x07c\x1b[31md\ud800e",
    "lines": "one\r\ntwo\u2028three\n\n\n\n\nfour",
    "templates": "{0} {name} %s ${x} {{7*7}} '; DROP TABLE movement; --",
    "marks to the limit": "*_~`|>" * 16,
    "scale": "(1-5)",
    "blank": " \u200b\u200d \u00a0 ",
    "empty": "",
    "huge": "x" * 100_000,
}

Open = Callable[[Town, int], Awaitable[None]]


def _pressed(verb: str, about: str = "", *, ritual: str = "movement", who: str = "ana") -> Open:
    async def open_it(town: Town, _: int) -> None:
        await town.press_kept(who, Action(ritual, verb, about, 1))

    return open_it


def _typed(line: str) -> Open:
    async def open_it(town: Town, _: int) -> None:
        await town.command("ana", line)

    return open_it


async def _new_movement(town: Town, number: int) -> None:
    town.room.add_channel(f"c{number}", f"c{number}", creator="ana")
    await town.command("ana", "/drumbeat", channel=f"c{number}")


async def _move(town: Town, _: int) -> None:
    await town.command("ana", "/rituals")
    await town.press("ana", "Move the next")


# How each form is opened, and a way to fill it that works.
FORMS: dict[tuple[str, str], tuple[Open, dict[str, str | tuple[str, ...]]]] = {
    ("away", "go"): (_pressed("change", ritual="away"), {"back": "2026-11-20"}),
    ("check-in", "answer"): (_pressed("answer", "1", ritual="check-in"), {"q1": "Fine"}),
    ("check-in", "deed"): (_pressed("deed", "1", ritual="check-in"), {"did": "Ten posters"}),
    ("check-in", "set"): (_pressed("set", "1", ritual="check-in"), {"question1": "How are you?"}),
    ("check-in", "settings"): (_typed("/checkin settings"), {}),
    ("movement", "mission"): (_pressed("mission"), {"mission": "A clean river."}),
    ("movement", "organizers"): (_pressed("organizers"), {"people": ("ben",)}),
    ("movement", "readiness"): (
        _typed("/readiness"),
        {"authority": ("no",), "days": ("no",), "conflict": ("no",), "trust": ("no",)},
    ),
    ("movement", "settings"): (_pressed("settings"), {}),
    ("movement", "start"): (
        _new_movement,
        {"name": "Another", "next_step": "Bring one friend", "gathering": "2026-11-20 18:00"},
    ),
    ("movement", "story"): (_pressed("story"), {"problem": "Rubbish"}),
    ("rituals", "change"): (_pressed("change", "1", ritual="rituals"), {}),
    ("rituals", "move"): (_move, {"when": "2026-11-14 18:00"}),
}


def test_every_form_is_tried(database_url: str) -> None:
    submits = {(ritual.name, verb) for ritual in find_rituals().by_name.values() for verb in ritual.submits}
    assert submits == set(FORMS)


def shown(town: Town) -> list[str]:
    """Every piece of words that Drumbeat shows anywhere, and the values of the forms that are open."""
    found: list[str] = []
    for message in views(town):
        for part in message.parts:
            match part:
                case Text(spans=spans):
                    found.append("".join(span.words for span in spans if isinstance(span, Span)))
                case Quote(words=words, by=by):
                    found += [words, by]
                case Facts(pairs=pairs):
                    found += [value for _, value in pairs]
    for person in town.room.people:
        opened = town.room.form(person.id)
        if opened is not None:
            found += [value for field in opened.form.fields if isinstance(value := getattr(field, "value", ""), str)]
    return found


def views(town: Town) -> list[Message]:
    whispers = [post for person in town.room.people for post in town.room.whispers(person.id)]
    return [post.view for post in (*town.room.posts, *whispers) if post.view is not None]


def pings(town: Town) -> list[object]:
    texts = [part for message in views(town) for part in message.parts if isinstance(part, Text)]
    return [span for text in texts for span in text.spans if isinstance(span, Mention | Link)]


async def apologies(town: Town) -> list[str]:
    """What does not work any more: each command and page is opened once."""
    failed = []
    for line in ("/drumbeat", "/rituals", "/mission", "/checkin", "/checkin questions", "/checkin settings", "/away"):
        opened = town.room.form("ana")
        if opened is not None:
            town.room.close_form("ana", opened.id)
        if "Sorry" in await town.command("ana", line):
            failed.append(line)
    failed += [
        verb
        for verb in ("read-story", "settings")
        if "Sorry" in await town.press_kept("ana", Action("movement", verb, "", 1))
    ]
    return failed


@pytest.mark.parametrize("form", FORMS, ids=":".join)
async def test_hostile_words_in_a_form_get_a_sentence_or_come_back_as_they_are(
    town: Town, form: tuple[str, str]
) -> None:
    open_it, filled = FORMS[form]
    await town.open_check_in()
    wrong: list[str] = []
    number = 0
    await open_it(town, number)
    fields = town.form("ana").form.fields
    for kind, words in HOSTILE.items():
        for field in fields:
            number += 1
            await open_it(town, number)
            where = f"{kind} in {field.name}"
            picked = isinstance(field, Choice | People)
            answer = await town.send_past_the_form("ana", **{**filled, field.name: (words,) if picked else words})
            if isinstance(answer, Problems):
                wrong += [
                    f"{where}: {said}" for _, said in answer.sentences if "Sorry" in said or not said.endswith(".")
                ]
            elif isinstance(answer, Whisper):
                await open_it(town, number)
                wanted = {tidy(words), tidy_line(words)}
                if not picked and tidy(words) and not any(one in piece for one in wanted for piece in shown(town)):
                    wrong.append(f"{where}: not shown as it was written")
            else:
                wrong.append(f"{where}: no answer")
        wrong += [f"{kind}: {line} fails" for line in await apologies(town)]
    assert wrong == []
    assert pings(town) == []


@pytest.mark.parametrize("kind", HOSTILE)
async def test_hostile_words_in_the_thread_are_an_answer_and_stay_where_they_are(town: Town, kind: str) -> None:
    board = await town.open_check_in()
    words = HOSTILE[kind]
    event = Said(
        id="said",
        who=town.room.person("chi"),
        place=Place("playground", "movement", RIVER, thread=board.id),
        at=town.clock(),
        words=words,
        message="m999",
    )
    assert await town.drumbeat.engine.hear(event) is None
    await town.settle()
    count = "One person has answered" if tidy(words) else "Nobody has answered yet"
    assert f"\n{count}. " in town.board().text
    assert len(words) < 2 or words not in "\n".join(shown(town))


@pytest.mark.parametrize("kind", HOSTILE)
async def test_hostile_names_are_shown_as_they_are_and_ping_nobody(town: Town, kind: str) -> None:
    await town.start_movement()
    await town.bring(Person("kim", HOSTILE[kind], "Europe/Berlin"))
    await town.press_kept("ana", Action("movement", "organizers", "", 1))
    await town.fill("ana", people=("kim",))
    board = await town.open_check_in()
    await town.press("kim", "Check in", on=board)
    await town.fill("kim", q1="Fine", did="Ten posters")
    await town.press_kept("kim", Action("movement", "mission", "", 1))
    await town.fill("kim", mission="A clean river.")
    await town.press_kept("ana", Action("rituals", "change", "1", 1))
    await town.fill("ana", owner=("kim",))
    await town.command("ana", "/checkin close")
    name = tidy_line(HOSTILE[kind])[:80] or "somebody"
    assert next(part.by for message in views(town) for part in message.parts if isinstance(part, Quote)) == name
    assert f"Owner: {name}." in await town.command("ana", "/rituals")
    assert await apologies(town) == []
    assert pings(town) == []
    assert "Sorry" not in town.all_words()


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind not in ("huge", "empty")])
async def test_hostile_words_behind_a_command_get_a_sentence(town: Town, kind: str) -> None:
    await town.start_movement()
    words = HOSTILE[kind]
    for command in ("away", "checkin", "remind", "drumbeat", "mission", "rituals"):
        said = await town.command("chi", f"/{command} {words}")
        assert said, command
        assert "Sorry" not in said, command
        opened = town.room.form("chi")
        if opened is not None:
            town.room.close_form("chi", opened.id)
    assert pings(town) == []
