"""Whatever Drumbeat writes for Discord can be read there again, in the same words."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.render import escape, render_form, render_message
from bot import chat
from bot.chat import (
    Action,
    Button,
    Buttons,
    Choice,
    Facts,
    Form,
    Link,
    Mention,
    Menu,
    Message,
    Moment,
    Option,
    Part,
    People,
    Picture,
    Problems,
    Quote,
    Span,
    Text,
    ViewError,
    When,
    Words,
    bold,
    code,
    italic,
)
from bot.moments import spoken_clock, spoken_day, spoken_moment
from bot.plain import read_aloud
from tests.adapters import views
from tests.adapters.discord_platform.markup import shown
from tests.adapters.discord_platform.reading import Eyes, action_of, read_message
from tests.adapters.discord_platform.reading_forms import read_form, read_problems, submission
from tests.adapters.discord_platform.refusing import Json

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ANSWER = Action("check-in", "answer", "17")
EYES = Eyes(lambda native: (native, f"N{native}"), NOW, {})
FORM = Form("Check in", ANSWER, Words(name="one", label="One thing"), Words(name="two", label="Two"))


def read(message: Message) -> Message | None:
    return read_message(render_message(message)["components"], "", EYES)


def heard(message: Message | None) -> str:
    """Read aloud without the joiner that nobody sees."""
    return "" if message is None else read_aloud(message).replace("\u2060", "")


# ------------------------------------------------------------------------------------------------ messages


def _seen(piece: chat.Piece) -> str:
    """Say what of a piece there is to see on Discord."""
    match piece:
        case Link(label=label, url=url) if set("[]") & set(label) or "://" in label or set("()") & set(url):
            return f"{label} {url}"
        case Link(label=label):
            return label
        case Mention(person=person, name=name):
            known = person.isascii() and person.isdigit() and person[0] != "0" and int(person) < 1 << 63
            return f"@N{person}" if known else "@" + chat.shorten(name, limit=22)
        case Moment(at=at, style=style):
            return _seen_moment(at, style)
        case Span(words=words):
            return words


def _seen_moment(at: datetime, style: str) -> str:
    try:
        local = at.astimezone(BERLIN)
    except OverflowError:
        return str(int(at.timestamp()))
    if style == "time":
        return spoken_clock(local.time())
    zone = "Europe/Berlin"
    return spoken_day(local.date(), now=NOW, zone=zone) if style == "day" else spoken_moment(at, zone, now=NOW)


def _aloud(part: Part) -> str:
    match part:
        case Text(spans=spans):
            return "".join(map(_seen, spans))
        case Quote(words=words, by=by):
            return read_aloud(Message(Quote(words.strip("\n"), by)))
        case Facts(pairs=pairs):
            return "\n".join(f"{name.strip()}: {value}" for name, value in pairs)
        case _:
            return read_aloud(Message("x", part)).removeprefix("x\n")


@settings(max_examples=60)
@given(views.messages)
def test_a_message_says_on_discord_what_it_was_to_say(message: Message) -> None:
    assert heard(read(message)) == "\n".join(map(_aloud, message.parts)).replace("\u2060", "")


@settings(max_examples=60)
@given(views.words(300))
def test_anybodys_words_are_read_as_they_were_typed(words: str) -> None:
    assert shown(escape(words)) == words


def test_every_part_is_read_as_what_it_is() -> None:
    moment = Moment(datetime(2026, 5, 4, 18, 30, tzinfo=UTC), "Mon 4 May, 20:30")
    message = Message(
        Text("Hello ", Mention("1001", "N1001"), ", see ", bold("the *plan* "), "at ", moment, ": ", code("/ask")),
        Text(Moment(moment.at, "Mon 4 May", "day"), " at ", Moment(moment.at, "20:30", "time"), italic(" or so")),
        Text(Link("Map", "https://map.example/a"), bold("a"), italic("b")),
        Quote("# We did it\n@everyone", by="Ben"),
        Facts(("Next", "Mon 4 May"), ("Who", "Ana: and *you*")),
        Buttons(
            Button("Yes", ANSWER, "primary"),
            Button("No", Action("check-in", "no"), "danger"),
            Link("More", "https://a.example"),
        ),
        Menu("Pick one", Action("check-in", "pick"), (Option("A day", "day"),)),
    )
    assert read(message) == message.__class__(
        Text("Hello ", Mention("1001", "N1001"), ", see ", bold("the *plan*"), " at ", moment, ": ", code("/ask")),
        Text(Moment(moment.at, "Mon 4 May", "day"), " at ", Moment(moment.at, "20:30", "time"), " ", italic("or so")),
        *message.parts[2:],
    )


def test_a_picture_is_read_with_its_words_and_its_bytes() -> None:
    item = {"media": {"url": "https://cdn.example/a.png"}, "description": "Twelve came"}
    eyes = Eyes(EYES.name_of, NOW, {"https://cdn.example/a.png": b"\x89PNG?"})
    components: list[Json] = [{"type": 10, "content": "Look"}, {"type": 12, "items": [item]}]
    assert read_message(components, "", eyes) == Message("Look", Picture(b"\x89PNG?", "Twelve came"))


def test_a_button_of_another_kind_has_an_action_of_its_own() -> None:
    assert action_of("db1:check-in:answer:17:0") == ANSWER
    assert action_of("db1:open/1").ritual == "another"
    assert action_of("db1:open/1") != action_of("db1:open/2")
    with pytest.raises(ViewError):
        Action.decode("open/1")


# ------------------------------------------------------------------------------------------------ forms


@settings(max_examples=25)
@given(views.forms)
def test_a_form_asks_on_discord_what_it_was_to_ask(form: Form) -> None:
    opened = read_form(render_form(form), lambda native: native)
    assert read_aloud(opened) == read_aloud(Form(form.title, form.action, *form.fields, submit="Submit"))
    assert opened.action == form.action
    assert [(field.name, field.hint, field.required) for field in opened.fields] == [
        (field.name, field.hint, field.required) for field in form.fields
    ]


def test_a_form_is_read_with_what_is_typed_already() -> None:
    two = (Option("Good", "4"), Option("Tired", "2"))
    form = Form(
        "Check in",
        ANSWER,
        Words(name="intention", label="One thing", hint="What you will do", value="call\nChi", long=True, most=80),
        Choice(name="mood", label="How are you?", options=two, value=("4",)),
        Choice(name="days", label="Which days?", options=two, many=True, required=False),
        People(name="with", label="With whom?", value=("1001",), most=3),
        When(name="by", label="By when?", clock=True, value="next monday"),
        submit="Submit",
    )
    modal = render_form(form)
    assert read_form(modal, lambda native: native) == form
    answers: dict[str, str | tuple[str, ...]] = {
        "intention": "a",
        "mood": (),
        "days": ("2",),
        "with": ("ana",),
        "by": "",
    }
    filled = submission(modal, answers, lambda name: f"<{name}>")
    assert [label["component"] for label in filled] == [
        {"id": 2, "type": 4, "custom_id": "intention", "value": "a"},
        {"id": 4, "type": 21, "custom_id": "mood", "value": None},
        {"id": 6, "type": 22, "custom_id": "days", "values": ["2"]},
        {"id": 8, "type": 5, "custom_id": "with", "values": ["<ana>"]},
        {"id": 10, "type": 4, "custom_id": "by", "value": ""},
    ]


@pytest.mark.parametrize("together", [False, True])
def test_what_is_wrong_with_a_form_is_read_field_by_field(together: bool) -> None:  # noqa: FBT001 - a way to write it
    lines = [
        Text("That is not sent yet."),
        Text(bold("One thing:"), " That is: too much."),
        Text(bold("Nothing of the form:"), " odd."),
        Text("Try tomorrow."),
    ]
    parts = render_message(Message(*lines, Quote("What was typed", "Two")))["components"]
    if together:
        parts = [{"type": 10, "content": "\n".join(part["content"] for part in parts[:4])}, parts[4]]
    assert read_problems(parts, FORM, EYES) == Problems(
        {"one": "That is: too much.", "": "Nothing of the form: odd.\nTry tomorrow."}
    )


@given(st.sampled_from(["", " ", "\n"]))
def test_nothing_is_read_as_nothing(content: str) -> None:
    assert read_message([], content, EYES) is None
