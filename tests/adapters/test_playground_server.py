from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSServerHandshakeError

from adapters.playground import Playground, PlaygroundError, Room
from adapters.playground.clock import Leap, leap
from bot.chat import (
    Action,
    Answer,
    Button,
    Buttons,
    Chat,
    Commanded,
    Event,
    Form,
    Message,
    Person,
    Place,
    Pressed,
    Problems,
    Quote,
    Said,
    Submitted,
    Typable,
    Whisper,
    Words,
)
from bot.wire import to_json

MORNING = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))
HOME = Place("playground", "movement", "home")
ANSWER = Action("check-in", "answer", "1")
BOARD = Message("How are you?", Buttons(Button("Check in", ANSWER)))
FORM = Form("Check in", ANSWER, Words(name="intention", label="Intention", most=200))
COMMANDS = [Typable("checkin", "Ask"), Typable("break", "Fail"), Typable("wait", "Never answer")]
HOSTILE = "<img src=x onerror=alert(1)></script>\u202e*bold* <@U1> @everyone `x` {{7*7}} '\";--"


async def hear(event: Event) -> Answer:
    """Drumbeat, as scripted as these tests need it."""
    match event:
        case Pressed():
            return FORM
        case Submitted(answers={"intention": "no"}):
            return Problems({"intention": "Say a little more."})
        case Submitted(answers={"intention": str(words)}):
            return Whisper("You will:", Quote(words))
        case Commanded(name="break"):
            raise ZeroDivisionError
        case Commanded(name="wait"):
            await asyncio.get_running_loop().create_future()
        case Said(words=words):
            return Whisper(f"{len(words)} characters")
    return None


class Controls:
    """A clock that moves when it is allowed to."""

    def __init__(self) -> None:
        self.time = MORNING
        self.may_move = asyncio.Event()

    def now(self) -> datetime:
        return self.time

    async def move_to(self, moment: datetime) -> None:
        await self.may_move.wait()
        self.time = moment


class Browser:
    """The page's side of the line: acts are answered, and what is pushed is collected until it shows something."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = ClientSession()
        self.asked = 0
        self.pushed: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        self.line: ClientWebSocketResponse = await self.http.ws_connect(f"{self.address}live")
        self.room = await self.line.receive_json(timeout=5)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.close()

    async def ask(self, **act: object) -> dict[str, Any]:
        self.asked += 1
        await self.line.send_json({**act, "id": self.asked})
        return await self.reply(self.asked)

    async def reply(self, number: int | None) -> dict[str, Any]:
        while True:
            told: dict[str, Any] = await self.line.receive_json(timeout=5)
            if told["is"] == "reply":
                assert told.pop("id") == number
                return {name: value for name, value in told.items() if name != "is"}
            self.pushed.append(told)

    async def changes(self) -> dict[str, Any]:
        told: dict[str, Any] = self.pushed.pop(0) if self.pushed else await self.line.receive_json(timeout=5)
        assert told["is"] == "changes"
        return told

    async def posts(self) -> list[dict[str, Any]]:
        posts: list[dict[str, Any]] = (await self.changes())["posts"]
        return posts


@pytest.fixture
def room() -> Room:
    room = Room(now=lambda: MORNING)
    for person in (Person("ana", "Ana", "Europe/Berlin"), Person("chi", "Chi"), Person("eli", "Eli")):
        room.add_person(person)
    room.add_channel("home", "open-data", creator="ana")
    room.seat("home", "chi")
    return room


@pytest.fixture
def controls() -> Controls:
    return Controls()


@pytest.fixture
async def playground(room: Room, controls: Controls) -> AsyncIterator[Playground]:
    playground = Playground(room, port=0, controls=controls, commands=lambda: COMMANDS)
    running = asyncio.create_task(playground.run(hear))
    await asyncio.wait_for(playground.ready(), 5)
    yield playground
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def browser(playground: Playground) -> AsyncIterator[Browser]:
    async with Browser(playground.address) as browser:
        yield browser


async def status(playground: Playground, path: str = "", **headers: str) -> int:
    async with ClientSession() as http, http.get(f"{playground.address}{path}", headers=headers) as response:
        return response.status


def test_a_playground_is_a_chat(room: Room) -> None:
    chat: Chat = Playground(room)
    assert chat.platform == "playground"


async def test_what_drumbeat_sends_to_the_playground_stands_in_its_room(room: Room) -> None:
    playground = Playground(room)
    message = await playground.post(HOME, BOARD, once="board")
    await playground.edit(HOME, message, Message("Closed"))
    assert [(post.text, post.edited) for post in room.posts] == [("Closed", 1)]
    assert await playground.find(HOME, once="board", since=MORNING) == message
    assert await playground.members(HOME) == await room.members(HOME)


# ------------------------------------------------------------------------------------------------ who may come in


@pytest.mark.parametrize("host", ["::", "192.168.0.2", "example.org", ""])
def test_the_playground_is_served_to_this_machine_only(room: Room, host: str) -> None:
    with pytest.raises(PlaygroundError, match="only for this machine"):
        Playground(room, host=host)


async def test_a_taken_port_is_named(room: Room, playground: Playground) -> None:
    port = int(playground.address.rstrip("/").rpartition(":")[2])
    with pytest.raises(PlaygroundError, match=f"^Port {port} is taken"):
        await Playground(room, port=port).run(hear)


async def test_only_this_machines_own_names_are_answered(playground: Playground) -> None:
    port = playground.address.rstrip("/").rpartition(":")[2]
    hosts = [
        f"127.0.0.1:{port}",
        f"localhost:{port}",
        f"[::1]:{port}",
        f"evil.example:{port}",
        "127.0.0.1",
        f"127.0.0.1:{port}1",
    ]
    assert [await status(playground, Host=host) for host in hosts] == [200, 200, 200, 403, 403, 403]


async def test_another_sites_page_is_refused_everywhere(playground: Playground) -> None:
    origins = [playground.address.rstrip("/"), "https://evil.example", "null", "http://127.0.0.1:1"]
    assert [await status(playground, Origin=origin) for origin in origins] == [200, 403, 403, 403]
    async with ClientSession() as http:
        with pytest.raises(WSServerHandshakeError) as refused:
            await http.ws_connect(f"{playground.address}live", origin="https://evil.example")
        async with http.ws_connect(f"{playground.address}live", origin=origins[0]) as own:
            assert (refused.value.status, (await own.receive_json())["is"]) == (403, "room")


@pytest.mark.parametrize(
    ("path", "kind"), [("", "text/html"), ("playground.js", "text/javascript"), ("view.css", "text/css")]
)
async def test_the_page_is_served_under_a_strict_policy(playground: Playground, path: str, kind: str) -> None:
    async with ClientSession() as http, http.get(f"{playground.address}{path}") as response:
        told = response.headers
    assert (response.status, response.content_type, told["X-Content-Type-Options"], told["Referrer-Policy"]) == (
        200,
        kind,
        "nosniff",
        "no-referrer",
    )
    assert told["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


async def test_a_refusal_carries_the_policy_too(playground: Playground) -> None:
    async with ClientSession() as http, http.get(f"{playground.address}../etc/passwd") as response:
        assert (response.status, "Content-Security-Policy" in response.headers) == (404, True)


# ------------------------------------------------------------------------------------------------ what the page is told


async def test_a_page_that_connects_is_told_the_whole_room(room: Room, playground: Playground) -> None:
    await room.post(HOME, BOARD, once="board")
    await room.say("chi", "home", "Well", "m1")
    async with Browser(playground.address) as browser:
        told = browser.room
    at = MORNING.isoformat()
    common = {"channel": "home", "inbox": "", "only": "", "at": at, "edited": 0, "reactions": {}}
    whisper = Message("4 characters")
    assert told == {
        "is": "room",
        "people": [
            {"id": "ana", "name": "Ana", "zone": "Europe/Berlin", "bot": False},
            {"id": "chi", "name": "Chi", "zone": "", "bot": False},
            {"id": "eli", "name": "Eli", "zone": "", "bot": False},
        ],
        "channels": [{"id": "home", "name": "open-data", "workspace": "movement", "people": ["ana", "chi"]}],
        "posts": [
            {
                **common,
                "id": "m1",
                "number": 1,
                "thread": "",
                "author": "drumbeat",
                "words": "",
                "view": to_json(BOARD),
            },
            {**common, "id": "m2", "number": 2, "thread": "m1", "author": "chi", "words": "Well", "view": None},
            {
                **common,
                "id": "w1",
                "number": 2,
                "thread": "m1",
                "author": "drumbeat",
                "words": "",
                "view": to_json(whisper),
                "only": "chi",
            },
        ],
        "voice": {},
        "commands": [["checkin", "Ask"], ["break", "Fail"], ["wait", "Never answer"]],
        "clock": {"now": at, "zone": "Europe/Berlin", "moving": False, "movable": True},
    }


async def test_an_old_thread_root_comes_along_with_its_new_replies(room: Room, playground: Playground) -> None:
    await room.post(HOME, BOARD, once="board")
    for number in range(1000):
        await room.post(HOME, Message(f"Post {number}"), once=str(number))
    await room.post(Place("playground", "movement", "home", "m1"), Message("Reply"), once="reply")
    async with Browser(playground.address) as browser:
        told = [post["id"] for post in browser.room["posts"]]
    assert (told[:2], told[-1], len(told)) == (["m1", "m3"], "m1002", 1001)


async def test_what_changes_is_pushed_once_however_often_it_changed(room: Room, browser: Browser) -> None:
    message = await room.post(HOME, Message("0"), once="board")
    for number in range(1, 200):
        await room.edit(HOME, message, Message(str(number)))
    posts = await browser.posts()
    assert [(post["id"], post["edited"], post["view"]) for post in posts] == [("m1", 199, to_json(Message("199")))]


async def test_everybody_who_looks_is_told(room: Room, playground: Playground, browser: Browser) -> None:
    async with Browser(playground.address) as other:
        await other.ask(do="join", who="eli", channel="home")
        await other.ask(do="enter call", who="eli", room="home")
        await room.post(HOME, Message("Soon gone"), once="x")
        room.delete("m1")
        told = [await browser.changes(), await other.changes()]
    assert [(one["channels"][0]["people"], one["voice"], one["posts"], one["gone"]) for one in told] == [
        (["ana", "chi", "eli"], {"home": ["eli"]}, [], ["m1"])
    ] * 2


# ------------------------------------------------------------------------------------------------ what people do


async def test_somebody_presses_fills_the_form_wrongly_then_rightly(room: Room, browser: Browser) -> None:
    await room.post(HOME, BOARD, once="board")
    opened = await browser.ask(do="press", who="chi", message="m1", action="check-in:answer:1:0", choice="")
    aside = await browser.ask(do="say", who="chi", channel="home", words="Hm")
    again = await browser.ask(do="fill", who="chi", form="f1", answers={"intention": "no"})
    empty = await browser.ask(do="fill", who="chi", form="f1", answers={"intention": ""})
    done = await browser.ask(do="fill", who="chi", form="f1", answers={"intention": HOSTILE})
    form = {"id": "f1", "form": to_json(FORM), "people": ["ana", "chi"]}
    assert (opened, aside, again, empty, done) == (
        {"form": {**form, "problems": []}},
        {"form": None},
        {"form": {**form, "problems": [["intention", "Say a little more."]]}},
        {"error": "“Intention” needs an answer.", "field": "intention"},
        {"form": None},
    )
    assert [whisper.view for whisper in room.whispers("chi")][1:] == [Message("You will:", Quote(HOSTILE))]


async def test_hostile_words_come_back_letter_for_letter_as_data(room: Room, browser: Browser) -> None:
    assert await browser.ask(do="say", who="chi", channel="home", words=HOSTILE) == {"form": None}
    said, whisper = await browser.posts()
    assert (said["words"], said["view"], room.posts[0].words) == (HOSTILE, None, HOSTILE)
    assert (whisper["only"], whisper["view"]) == ("chi", to_json(Message(f"{len(HOSTILE)} characters")))


async def test_people_react_and_put_whispers_and_forms_away(room: Room, browser: Browser) -> None:
    await room.post(HOME, BOARD, once="board")
    await browser.ask(do="react", who="chi", message="m1", emoji="🎉")
    reacted = room.posts[0].reactions
    await browser.ask(do="react", who="chi", message="m1", emoji="🎉", on=False)
    await browser.ask(do="say", who="chi", channel="home", words="Hi")
    await browser.ask(do="dismiss", who="chi", message="w1")
    await browser.ask(do="press", who="chi", message="m1", action="check-in:answer:1:0")
    await browser.ask(do="close", who="chi", form="f1")
    await browser.ask(do="leave", who="chi", channel="home")
    assert (reacted, room.posts[0].reactions) == ({"🎉": ("chi",)}, {})
    assert (room.whispers("chi"), room.form("chi"), room.channel("home").people) == ((), None, ("ana",))


@pytest.mark.parametrize(
    ("act", "why"),
    [
        ({"do": "say", "who": "eli", "channel": "home", "words": "Hi"}, "Eli is not in #open-data."),
        ({"do": "say", "who": "zoe", "channel": "home", "words": "Hi"}, "Nobody here is called 'zoe'."),
        ({"do": "say", "who": "chi", "channel": "home", "words": 7}, "'words' must be words."),
        ({"do": "say", "who": "chi", "channel": "home", "words": "\ud800"}, "'words' has a broken character."),
        (
            {"do": "command", "who": "chi", "channel": "home", "words": "/ fly"},
            "A command looks like /name and then words.",
        ),
        ({"do": "press", "who": "chi", "message": "m1", "action": "nonsense"}, "That is no button."),
        ({"do": "fill", "who": "chi", "form": "f1", "answers": [1]}, "'answers' must be an object."),
        ({"do": "fill", "who": "chi", "form": "f1", "answers": {"x": [1]}}, "'x' must be words."),
        ({"do": "rule", "who": "chi"}, "Nobody can do 'rule' here."),
        ({"do": "move", "to": "1999"}, "The clock moves to the next hour, day or monday."),
        ({}, "Nobody can do '' here."),
    ],
)
async def test_an_act_that_cannot_be_is_refused_with_a_sentence(
    browser: Browser, act: dict[str, object], why: str
) -> None:
    assert await browser.ask(**act) == {"error": why, "field": ""}


@pytest.mark.parametrize("line", ["", "nonsense", "[1]", "null", '"words"', "[" * 100_000])
async def test_nonsense_is_answered_and_the_line_holds(browser: Browser, line: str) -> None:
    await browser.line.send_str(line)
    assert await browser.reply(None) == {"error": "The playground reads JSON objects."}
    await browser.line.send_bytes(b"\x00\xff")
    assert await browser.reply(None) == {"error": "The playground reads text, not bytes."}
    assert await browser.ask(do="say", who="chi", channel="home", words="Still here") == {"form": None}


async def test_a_line_too_long_ends_that_line_alone(playground: Playground, browser: Browser) -> None:
    await browser.line.send_str(json.dumps({"do": "say", "words": "x" * (2 << 20)}))
    assert (await browser.line.receive(timeout=5)).data == 1009
    async with Browser(playground.address) as again:
        assert await again.ask(do="say", who="chi", channel="home", words="Still here") == {"form": None}


async def test_what_breaks_is_told_and_logged_and_the_line_holds(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    broke = await browser.ask(do="command", who="chi", channel="home", words="/break")
    assert broke == {"error": "Something went wrong. What exactly stands in Drumbeat's log."}
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]
    assert await browser.ask(do="say", who="chi", channel="home", words="Still here") == {"form": None}


async def test_too_much_at_once_is_refused_and_the_line_holds(browser: Browser) -> None:
    for number in range(65):
        act = {"do": "command", "who": "chi", "channel": "home", "words": "/wait", "id": number}
        await browser.line.send_json(act)
    assert await browser.reply(64) == {"error": "That was too much at once. Wait a moment."}


async def test_two_leaps_of_the_clock_at_once_are_one_too_many(browser: Browser) -> None:
    for number in (0, 1):
        await browser.line.send_json({"do": "move", "to": "hour", "id": number})
    assert await browser.reply(1) == {"error": "The clock is being moved already.", "field": ""}


async def test_a_page_that_left_is_told_nothing_more(room: Room) -> None:
    playground = Playground(room, port=0)
    running = asyncio.create_task(playground.run(hear))
    async with Browser(await asyncio.wait_for(playground.ready(), 5)):
        watching = len(room._watchers)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (watching, room._watchers) == (1, [])


# ------------------------------------------------------------------------------------------------ the clock


async def test_the_clock_is_busy_while_timers_ring_and_then_shows_the_new_time(
    browser: Browser, controls: Controls
) -> None:
    await browser.line.send_json({"do": "move", "to": "monday", "id": 1})
    busy = (await browser.changes())["clock"]
    controls.may_move.set()
    done = await browser.reply(1)
    later = (await browser.changes())["clock"]
    clock = {"zone": "Europe/Berlin", "movable": True}
    assert (busy, done, later) == (
        {**clock, "now": "2026-11-23T09:00:00+01:00", "moving": True},
        {"form": None},
        {**clock, "now": "2026-11-30T09:00:00+01:00", "moving": False},
    )


async def test_without_controls_the_clock_only_shows_the_rooms_time(room: Room) -> None:
    playground = Playground(room)
    told = {"now": MORNING.isoformat(), "zone": "Europe/Berlin", "moving": False, "movable": False}
    assert playground.tell_clock() == told


@pytest.mark.parametrize(
    ("now", "to", "then"),
    [
        ("2026-11-23T09:20:30+01:00", "hour", "2026-11-23T10:00:00+01:00"),
        ("2026-10-25T02:30:00+02:00", "hour", "2026-10-25T02:00:00+01:00"),
        ("2026-03-29T01:30:00+01:00", "hour", "2026-03-29T03:00:00+02:00"),
        ("2026-10-24T15:00:00+02:00", "day", "2026-10-25T09:00:00+01:00"),
        ("2026-11-23T08:00:00+01:00", "monday", "2026-11-30T09:00:00+01:00"),
        ("2026-11-29T23:00:00+01:00", "monday", "2026-11-30T09:00:00+01:00"),
    ],
)
def test_the_clock_leaps_to_a_full_hour_or_nine_in_the_morning(now: str, to: Leap, then: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert leap(datetime.fromisoformat(now).astimezone(zone), to=to).isoformat() == then


def test_an_hour_is_full_on_the_clock_of_a_half_hour_zone() -> None:
    now = datetime(2026, 11, 23, 9, 20, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert leap(now, to="hour") - now == timedelta(minutes=40)
    assert leap(now, to="hour").astimezone(UTC) == datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
