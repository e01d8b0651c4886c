"""Whatever people write, they get a clear sentence or their words back, letter for letter; nobody is pinged."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from bot.chat import (
    Action,
    Answer,
    Choice,
    Commanded,
    Event,
    Facts,
    Link,
    Mention,
    Message,
    People,
    Person,
    Pressed,
    Problems,
    Quote,
    Said,
    Span,
    Submitted,
    Text,
    Whisper,
)
from bot.plain import read_aloud, tidy, tidy_line
from bot.routing import find_rituals
from bot.tables import Gathering, Practice, Promise
from rituals.listening.tables import ListeningRound
from rituals.rally.tables import Rally
from rituals.win.tables import Win
from tests.town import RIVER, Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Thousands of words; that the platforms show each letter for letter is tested beside their renderers.
PLATFORMS = ("playground",)

COUNT = itertools.count()

HOSTILE = {
    "mentions": "<@ben> <!channel> <!here> @everyone @here <#river> <@&1>",
    "markup": "*a* _b_ ~~c~~ `d` ```e``` [f](https://x.example) <https://x.example|g> ||h||",
    "right to left": "\u202eevil\u202c \u2067x\u2069 \u200f\u05e9\u05dc\u05d5\u05dd",
    "zero width": "in\u200bvis\u2060i\ufeffble",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308 \U0001f1e9\U0001f1ea",
    "emoji to the limit": "\U0001f44d",
    "control": "a\x00b\x07c\x1b[31md\ud800e",
    "lines": "one\r\ntwo\u2028three\n\n\n\n\nfour",
    "templates": "{0} {name} %s ${x} {{7*7}} '; DROP TABLE movement; --",
    "marks to the limit": "*_~`|>.",
    "scale": "(1-5)",
    "blank": " \u200b\u200d \u00a0 ",
    "empty": "",
    "huge": "x" * 100_000,
}


def fill_up(kind: str, words: str, most: int) -> str:
    """Give hostile words, some of them repeated until a field that takes so many characters is full."""
    if not kind.endswith("to the limit"):
        return words
    return words * (most // (len(words.encode("utf-16-le")) // 2))


Open = Callable[[Town, int], Awaitable[Answer]]


async def hear(town: Town, event: Event) -> Answer:
    """Let Drumbeat hear something; what it should post may wait, to keep these many tries quick."""
    answer = await town.drumbeat.engine.hear(event)
    town.room._keep(event.who.id, event.place, answer, "")
    return answer


def by(town: Town, who: str, number: object, channel: str = RIVER) -> dict[str, Any]:
    return {
        "id": f"{who}-{number}-{next(COUNT)}",
        "who": town.person(who, channel),
        "place": town.place(channel),
        "at": town.clock(),
    }


def _pressed(verb: str, about: str = "", *, ritual: str = "movement") -> Open:
    async def open_it(town: Town, number: int) -> Answer:
        return await hear(town, Pressed(**by(town, "ana", number), action=Action(ritual, verb, about, 1)))

    return open_it


def _typed(line: str, *, channel: str = RIVER) -> Open:
    name, _, words = line.removeprefix("/").partition(" ")

    async def open_it(town: Town, number: int) -> Answer:
        return await hear(town, Commanded(**by(town, "ana", number, channel), name=name, words=words))

    return open_it


async def _new_movement(town: Town, number: int) -> Answer:
    town.room.add_channel(f"c{number}", f"c{number}", creator="ana")
    return await _typed("/drumbeat", channel=f"c{number}")(town, number)


async def _move(town: Town, number: int) -> Answer:
    next_at = town.rows(Practice)[0]["next_at"]
    assert isinstance(next_at, datetime)
    return await _pressed("move", f"1/{int(next_at.timestamp())}", ritual="rituals")(town, number)


async def _more_time(town: Town, number: int) -> Answer:
    if number == 0:
        await _typed("/promise bring gloves by friday")(town, number)
    return await _pressed("more", str(town.rows(Promise)[-1]["id"]), ritual="promise")(town, number)


def _of_a_win(verb: str) -> Open:
    async def open_it(town: Town, number: int) -> Answer:
        if not town.rows(Win):
            await hear(town, Commanded(**by(town, "ana", number), name="win", words=""))
            await send(town, what="Ten posters", kind=("effort",))
        return await _pressed(verb, "1", ritual="win-digest")(town, number)

    return open_it


def _of_a_gathering(verb: str, *, under_way: bool = False) -> Open:
    """Open a form about a gathering that lies ahead, or about one that is on; another one when the last is gone."""

    async def open_it(town: Town, number: int) -> Answer:
        wanted = "under way" if under_way else "announced"
        there = [
            row["id"] for row in town.rows(Gathering) if row["state"] == wanted and row["title"] != "First gathering"
        ]
        if not there:
            when = "in 5 minutes" if under_way else "20 november 18:00"
            await _typed(f"/gather call {when} 60m")(town, number)
            going = Action("gathering", "going", str(town.rows(Gathering)[-1]["id"]), 1)
            for who in ("chi", "dee"):
                await hear(town, Pressed(**by(town, who, number), action=going))
            if under_way:
                await town.wait(minutes=6)
            there = [row["id"] for row in town.rows(Gathering) if row["state"] == wanted]
        about = str(there[-1])
        if verb == "roll-page":
            about = f"{about}/1-9"
        return await _pressed(verb, about, ritual="gathering")(town, number)

    return open_it


async def _heard(town: Town, number: int) -> Answer:
    if not town.rows(ListeningRound):
        for who in ("ana", "chi"):
            await hear(town, Commanded(**by(town, who, number), name="listen", words="in"))
        await _typed("/listen now")(town, number)
    round_ = str(town.rows(ListeningRound)[-1]["occurrence_id"])
    return await _pressed("hear", round_, ritual="listening")(town, number)


async def _told(town: Town, number: int) -> Answer:
    if not town.rows(Rally):
        await _typed("/rally Write to the harbour office")(town, number)
        await send(town, minutes=("5",), deadline="2026-11-06 18:00")
    return await _pressed("tell", "1", ritual="rally")(town, number)


# These go through phases: what is typed in each is tried in test_alignment_hostile.py and test_retro_hostile.py.
ON_THEIR_OWN = {"alignment-check", "retro"}
# What is written there is counted, or kept for its author alone, and shown nowhere.
NOT_SHOWN = {("gathering", "roll"), ("gathering", "roll-others"), ("me", "did")}
# How each form is opened, and a way to fill it that works.
FORMS: dict[tuple[str, str], tuple[Open, dict[str, str | tuple[str, ...]]]] = {
    ("away", "go"): (_pressed("change", ritual="away"), {"back": "2026-11-20"}),
    ("check-in", "answer"): (_pressed("answer", "1", ritual="check-in"), {"q1": "Fine"}),
    ("check-in", "deed"): (_pressed("deed", "1", ritual="check-in"), {"did": "Ten posters"}),
    ("check-in", "set"): (_pressed("set", "1", ritual="check-in"), {"question1": "How are you?"}),
    ("check-in", "settings"): (_typed("/checkin settings"), {}),
    ("gathering", "announce"): (_typed("/gather"), {"title": "Call", "when": "2026-11-20 18:00", "length": "1h"}),
    ("gathering", "change"): (_of_a_gathering("change"), {}),
    ("gathering", "details"): (_of_a_gathering("details"), {}),
    ("gathering", "cancel"): (_of_a_gathering("cancel"), {}),
    ("gathering", "host-ask"): (_of_a_gathering("host-ask"), {}),
    ("gathering", "notes-ask"): (_of_a_gathering("notes-ask"), {}),
    ("gathering", "here"): (_of_a_gathering("here", under_way=True), {}),
    ("gathering", "roll"): (_of_a_gathering("roll", under_way=True), {}),
    ("gathering", "roll-others"): (_of_a_gathering("roll-others", under_way=True), {}),
    ("gathering", "roll-page"): (_of_a_gathering("roll-page", under_way=True), {}),
    ("listening", "hear"): (_heard, {"heard": "She likes rowing."}),
    ("me", "did"): (_pressed("did", ritual="me"), {"what": "Ten posters"}),
    ("me", "settings"): (_pressed("settings", ritual="me"), {}),
    ("rally", "start"): (_typed("/rally"), {"what": "Write", "minutes": ("5",), "deadline": "2026-11-06 18:00"}),
    ("rally", "tell"): (_told, {"shown": ("shown",), "words": "We wrote"}),
    ("movement", "mission"): (_pressed("mission"), {"mission": "A clean river."}),
    ("movement", "organizers"): (_pressed("organizers"), {"people": ("ben",)}),
    ("movement", "readiness"): (
        _typed("/readiness"),
        {"authority": ("no",), "days": ("no",), "conflict": ("no",), "trust": ("no",)},
    ),
    ("movement", "settings"): (_pressed("settings"), {}),
    ("movement", "start"): (
        _new_movement,
        {"name": "Another", "next-step": "Bring one friend", "gathering": "2026-11-20 18:00"},
    ),
    ("movement", "story"): (_pressed("story"), {"problem": "Rubbish"}),
    ("promise", "make"): (_typed("/promise"), {"what": "Bring gloves", "by": "2026-11-20"}),
    ("promise", "more"): (_more_time, {"by": "2026-11-20"}),
    ("rituals", "change"): (_pressed("change", "1", ritual="rituals"), {}),
    ("rituals", "move"): (_move, {"when": "2026-11-14 18:00"}),
    ("win-digest", "edit"): (_of_a_win("edit"), {}),
    ("win-digest", "report"): (_typed("/win"), {"what": "Ten posters", "kind": ("effort",)}),
    ("win-digest", "thank"): (_of_a_win("thank"), {"words": "Well done"}),
}


def test_every_form_is_tried(database_url: str) -> None:
    submits = {(ritual.name, verb) for ritual in find_rituals().by_name.values() for verb in ritual.submits}
    assert {one for one in submits if one[0] not in ON_THEIR_OWN} == set(FORMS)


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


def is_shown(town: Town, wanted: set[str]) -> bool:
    return any(one in piece for one in wanted for piece in shown(town))


def views(town: Town) -> list[Message]:
    whispers = [post for person in town.room.people for post in town.room.whispers(person.id)]
    return [post.view for post in (*town.room.posts, *whispers) if post.view is not None]


def pings(town: Town) -> list[Mention | Link]:
    texts = [part for message in views(town) for part in message.parts if isinstance(part, Text)]
    return [span for text in texts for span in text.spans if isinstance(span, Mention | Link)]


async def apologies(town: Town) -> list[str]:
    """What does not work any more: each command and page is opened once."""
    failed = []
    pages: dict[str, Open] = {
        line: _typed(line)
        for line in (
            "/drumbeat",
            "/rituals",
            "/mission",
            "/checkin",
            "/checkin questions",
            "/checkin settings",
            "/away",
            "/promise list",
            "/promise all",
            "/retro",
            "/win",
            "/win me",
            "/win digest",
            "/win story",
            "/gather",
            "/gather list",
            "/gather calendar",
            "/listen",
            "/rally list",
            "/me",
            "/pulse",
        )
    }
    pages |= {verb: _pressed(verb) for verb in ("read-story", "settings", "story", "mission")}
    for name, open_it in pages.items():
        answer = await open_it(town, 0)
        if answer is None or (isinstance(answer, Whisper) and "Sorry" in read_aloud(answer.message)):
            failed.append(name)
    return failed


async def send(town: Town, **answers: str | tuple[str, ...]) -> Answer:
    """Send the form that Ana has open, past what its fields would let through."""
    opened = town.form("ana")
    written: dict[str, str | tuple[str, ...]] = {field.name: field.value for field in opened.form.fields} | answers
    event = Submitted(
        **by(town, "ana", "send", opened.place.channel or RIVER), action=opened.form.action, answers=written
    )
    return await hear(town, event)


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
    for kind, hostile in HOSTILE.items():
        taken = False
        for field in fields:
            words = fill_up(kind, hostile, getattr(field, "most", 40))
            number += 1
            await open_it(town, number)
            where = f"{kind} in {field.name}"
            picked = isinstance(field, Choice | People)
            answer = await send(town, **{**filled, field.name: (words,) if picked else words})
            if isinstance(answer, Problems):
                said = [sentence for _, sentence in answer.sentences]
                wrong += [f"{where}: {one}" for one in said if "Sorry" in one or not one.endswith(".")]
                continue
            taken = True
            await open_it(town, number)
            if "Sorry" in town.whisper("ana"):
                wrong.append(f"{where}: {town.whisper('ana')}")
            wanted = {tidy(words), tidy_line(words)} - {""}
            if not picked and wanted and form not in NOT_SHOWN and not is_shown(town, wanted):
                await town.settle()
                wrong += [] if is_shown(town, wanted) else [f"{where}: not shown as it was written"]
        if taken:
            await town.settle()
            wrong += [f"{kind}: {page} fails" for page in await apologies(town)]
    assert wrong == []
    # A listening round introduces two people to each other; nobody else is named so.
    introduced = {"ana", "chi"} if form == ("listening", "hear") else set()
    assert {one.person if isinstance(one, Mention) else one for one in pings(town)} == introduced


async def test_hostile_questions_can_be_asked_and_answered(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/checkin questions")
    for choice in town.set_choices()[1:]:
        await town.press_kept("ana", Action("check-in", "set", choice, 1))
        await town.fill("ana", **{f"question{number}": "" for number in range(1, 6)})
    wrong = []
    for kind, hostile in HOSTILE.items():
        words = fill_up(kind, hostile, 100)
        await town.press_kept("ana", Action("check-in", "set", "1", 1))
        answer = await send(town, question1=words, question2=f"{fill_up(kind, hostile, 90)} (1-5)", question3="Why?")
        if isinstance(answer, Problems):
            wrong += [f"{kind}: {said}" for _, said in answer.sentences if "Sorry" in said]
            continue
        await town.command("ana", "/checkin now")
        await town.press("chi", "Check in", on=town.board())
        said = await town.fill("chi", q3="Because", q2="4")
        if not said.startswith("Thank you."):
            wrong.append(f"{kind}: {said}")
        if tidy_line(words) not in town.board().text:
            wrong.append(f"{kind}: not asked as it was written")
        await town.command("ana", "/checkin close")
        await town.wait(seconds=1)
    assert wrong == []
    assert len([text for text in town.channel() if text.startswith("Check-in, ")]) > 8
    assert await apologies(town) == []
    assert pings(town) == []


async def test_hostile_words_in_the_thread_are_an_answer_and_stay_where_they_are(town: Town) -> None:
    await town.start_movement()
    await town.bring(*(Person(f"p{number}", f"Person {number}") for number, _ in enumerate(HOSTILE)))
    board = await town.open_check_in()
    place = town.place(RIVER, under=board)
    for number, words in enumerate(HOSTILE.values()):
        said = by(town, f"p{number}", "said") | {"place": place}
        assert await hear(town, Said(**said, words=words, message=f"m{900 + number}")) is None
    await town.settle()
    readable = [words for words in HOSTILE.values() if tidy(words)]
    assert len(readable) == len(HOSTILE) - 2
    assert f"\n{len(readable)} people have answered. " in town.board().text
    everything = "\n".join(shown(town))
    assert [kind for kind, words in HOSTILE.items() if len(tidy(words)) > 1 and tidy(words) in everything] == []


async def test_hostile_names_are_shown_as_they_are_and_ping_nobody(town: Town) -> None:
    await town.start_movement()
    given = [fill_up(kind, words, 100) for kind, words in HOSTILE.items()]
    await town.bring(*(Person(f"p{number}", name, "UTC") for number, name in enumerate(given)))
    board = await town.open_check_in()
    names = [tidy_line(name)[:80] or "somebody" for name in given]
    wrong = []
    for number, name in enumerate(names):
        who = f"p{number}"
        town.set_member(who, role="founder")
        await town.press_kept(who, Action("check-in", "answer", "1", 1))
        await town.fill(who, q1="Fine", did="Ten posters")
        await town.press_kept(who, Action("movement", "mission", "", 1))
        await town.fill(who, mission=f"A clean river, {number}.")
        await town.press_kept("ana", Action("rituals", "change", "1", 1))
        await town.fill("ana", owner=(who,))
        if f"Owner: {name}. " not in await town.command("ana", "/rituals"):
            wrong.append(f"{name} as owner")
    quoted = [
        part.by
        for post in town.room.thread(board.id)
        if post.view
        for part in post.view.parts
        if isinstance(part, Quote)
    ]
    assert wrong == []
    assert quoted == names
    await town.command("ana", "/checkin close")
    assert await apologies(town) == []
    assert pings(town) == []
    assert "Sorry" not in town.all_words()


async def test_hostile_words_behind_a_command_get_a_sentence(town: Town) -> None:
    await town.start_movement()
    wrong = []
    for kind, hostile in HOSTILE.items():
        words = fill_up(kind, hostile, 400)
        for name in (*sorted(find_rituals().commands), words):
            answer = await hear(town, Commanded(**by(town, "chi", kind), name=name, words=words))
            said = read_aloud(answer.message if isinstance(answer, Whisper) else answer) if answer else ""
            if not said or "Sorry" in said:
                wrong.append(f"/{name[:20]} {kind}: {said}")
    assert wrong == []
    assert pings(town) == []
