"""Whatever can be built in the language can be shown on Discord, letter for letter and inside every limit."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.render import escape, list_uploads, render_form, render_message, render_whisper
from bot import chat
from bot.chat import (
    Action,
    Attachment,
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
    People,
    Picture,
    Quote,
    Text,
    When,
    Whisper,
    Words,
    bold,
    code,
    italic,
)
from tests.adapters import views
from tests.adapters.platform_limits import discord_message, discord_modal, units

ANSWER = Action("check-in", "answer", "17")
MOMENT = Moment(datetime(2026, 5, 4, 18, 30, tzinfo=UTC), "Mon 4 May, 18:30")

# The rules by which Discord's clients read a text, the first that matches at a place wins. They are those of the
# simple-markdown library, which the clients are built on, with Discord's additions.
RULES = {
    name: re.compile(rule, re.MULTILINE)
    for name, rule in {
        "escape": r"\\([^0-9A-Za-z\s])",
        "heading": r"^ *(?:#{1,3}|-#)\s+\S",
        "list": r"^ *(?:[*+-]|\d+\.) +\S",
        "quote": r"^ *>(?:>>)? ",
        "shrug": r"¯\\_\(ツ\)_/¯",
        "code": r"(?P<ticks>`+)(?P<code>[\s\S]*?[^`])(?P=ticks)(?!`)",
        "moment": r"<t:(-?\d+)(?::[tTdDfFR])?>",
        "mention": r"<@!?(\d+)>|<@&\d+>|<#\d+>|<id:\w+>|</[^>]+:\d+>|<a?:\w+:\d+>",
        "everyone": r"@(?:everyone|here)",
        "address": r"<([^: >]+:/[^ >]+)>|https?://[^\s<]+[^<.,:;\"')\]\s]|discord\.gg/\w+",
        "link": r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\s*\)",
        "bold": r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)",
        "underline": r"__(?:\\[\s\S]|[^\\])+?__(?!_)",
        "italic": r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)",
        "italic too": r"_((?:__|\\[\s\S]|[^\\_])+?)_\b",
        "strike": r"~~[\s\S]+?~~",
        "spoiler": r"\|\|[\s\S]+?\|\|",
        "emoji": r":[^\s:]+?:",
    }.items()
}


def read(content: str, style: str = "plain") -> list[tuple[str, str]]:
    """Read a text as Discord's clients do: each letter with the style that it is shown in."""
    shown: list[tuple[str, str]] = []
    place = 0
    while place < len(content):
        matches = ((name, rule.match(content, place)) for name, rule in RULES.items())
        name, found = next(((name, match) for name, match in matches if match), ("", None))
        match name, found:
            case _, None:
                shown.append((content[place], style))
            case "escape", found:
                shown.append((found[1], style))
            case (("bold" | "italic"), found):
                shown += read(found[1], name)
            case "code", found:
                shown += [(letter, "code") for letter in found["code"]]
            case "link", found:
                shown += [*read(found[1], "link"), (found[2], "address")]
            case (("moment" | "mention" | "address"), found):
                shown.append((found[1], name))
            case _:
                shown.append((found[0], name))
        place = found.end() if found else place + 1
    return shown


def faults(payload: dict[str, Any]) -> list[str]:
    """List what Discord would refuse; galleries are looked at here, everything else where the limits stand."""
    galleries = [one for one in payload["components"] if one["type"] == 12]
    others = [one for one in payload["components"] if one["type"] != 12]
    nested = len(payload["components"]) + sum(len(one.get("components", ())) for one in others)
    names = [f"attachment://{upload['filename']}" for upload in payload["attachments"]]
    shown = [item for gallery in galleries for item in gallery["items"]]
    files = [one["file"]["url"] for one in payload["components"] if one["type"] == 13]
    found = discord_message({**payload, "components": others})
    found += [f"{nested} components, more than 40"] * (nested > 40)
    found += ["a picture that is not sent along"] * (
        [item["media"]["url"] for item in shown] != [one for one in names if one not in files]
    )
    found += [f"a description of {units(item['description'])}" for item in shown if units(item["description"]) > 1024]
    return found


def texts(payload: dict[str, Any]) -> list[str]:
    return [component["content"] for component in payload["components"] if component["type"] == 10]


# ------------------------------------------------------------------------------------------------ limits


@settings(max_examples=60)
@given(views.messages)
def test_every_message_fits_on_discord(message: Message) -> None:
    assert faults(render_message(message)) == []


@settings(max_examples=10)
@given(views.whispers)
def test_every_whisper_fits_on_discord_and_only_one_person_sees_it(whisper: Whisper) -> None:
    payload = render_whisper(whisper)
    assert faults(payload) == []
    assert payload["flags"] == 32768 + 64


@given(views.forms)
def test_every_form_fits_on_discord(form: Form) -> None:
    assert discord_modal(render_form(form)) == []


@settings(max_examples=100)
@given(views.texts | views.quotes | views.facts)
def test_words_on_discord_take_no_more_room_than_they_weigh(part: Text | Quote | Facts) -> None:
    (content,) = texts(render_message(Message(part)))
    assert units(content) <= part.weight


@given(views.messages)
def test_a_message_pings_exactly_the_people_it_mentions(message: Message) -> None:
    payload = render_message(message)
    written = {
        person
        for content in texts(payload)
        for letter, kind in read(content)
        if kind == "mention"
        for person in [letter]
    }
    assert payload["allowed_mentions"]["parse"] == []
    assert set(payload["allowed_mentions"]["users"]) == written


# ------------------------------------------------------------------------------------------------ letter for letter


@settings(max_examples=200)
@given(views.words(2000) | st.text(st.sampled_from("*_`~|<>@#:/.[]()+-!\\ \n1a&"), max_size=60))
def test_anybodys_words_are_shown_letter_for_letter(words: str) -> None:
    written = escape(words)
    assert read(written) == [(letter, "plain") for letter in words]
    assert units(written) <= chat.weight(words)


@pytest.mark.parametrize("words", views.HOSTILE)
def test_markup_that_somebody_types_is_shown_as_typed(words: str) -> None:
    assert read(escape(words)) == [(letter, "plain") for letter in words]


@settings(max_examples=150)
@given(views.texts)
def test_a_text_is_shown_with_its_styles_and_nothing_else(text: Text) -> None:
    (content,) = texts(render_message(Message(text)))
    assert _visible(read(content)) == _visible(_meant(text))


def _meant(text: Text) -> list[tuple[str, str]]:
    meant: list[tuple[str, str]] = []
    for span in text.spans:
        match span:
            case chat.Span(words=words, style=style):
                meant += [(letter, style) for letter in words]
            case Link(label=label, url=url) if re.search(r"[\[\]]|://", label) or re.search(r"[()]", url):
                meant += [*((letter, "plain") for letter in label), (" ", "plain"), (url, "address")]
            case Link(label=label, url=url):
                meant += [*((letter, "link") for letter in label), (url, "address")]
            case Mention(person=person, name=name):
                known = re.fullmatch(r"[1-9][0-9]{0,18}", person) and int(person) < 1 << 63
                short = chat.shorten(name, limit=22)
                meant += [(person, "mention")] if known else [(letter, "plain") for letter in f"@{short}"]
            case Moment(at=at):
                meant += [(str(int(at.timestamp())), "moment")]
    return meant


def _visible(shown: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out blanks, which have no style to see, and the joiner that keeps two marks apart."""
    return [(letter, kind) for letter, kind in shown if letter.strip("\u2060\ufeff \n\t") and not letter.isspace()]


@given(views.quotes)
def test_every_line_of_a_quote_stands_in_the_quote(quote: Quote) -> None:
    (content,) = texts(render_message(Message(quote)))
    heading = f"{escape(quote.by)}\n" if quote.by else ""
    assert content.startswith(heading)
    lines = content.removeprefix(heading).split("\n")
    assert all(line.startswith("> ") for line in lines)
    assert "\n".join("".join(letter for letter, _ in read(line[2:])) for line in lines) == quote.words.strip("\n")


# ------------------------------------------------------------------------------------------------ one of each


def test_a_message_on_discord_looks_like_this() -> None:
    message = Message(
        Text("Hello ", Mention("1001", "Chi"), ", see ", bold("the *plan* "), "at ", MOMENT, ": ", code("/ask")),
        Text(Link("Map", "https://map.example/a"), " and ", Link("[x]", "https://map.example/b")),
        Quote("# We did it\n@everyone", by="Ben"),
        Facts(("Next", "Mon 4 May"), ("Who", "Ana")),
        Picture(b"\x89PNG", "Twelve came"),
        Buttons(
            Button("Yes", ANSWER, "primary"),
            Button("No", Action("check-in", "no"), "danger"),
            Link("More", "https://a.example"),
        ),
        Menu("Pick one", Action("check-in", "pick"), (Option("A day", "day"),)),
    )
    assert render_message(message) == {
        "flags": 32768,
        "components": [
            {"type": 10, "content": "Hello <@1001>, see **the \\*plan\\*** at <t:1777919400:F>\\: `/ask`"},
            {"type": 10, "content": "[Map](https://map.example/a) and \\[x\\] <https://map.example/b>"},
            {"type": 10, "content": "Ben\n> \\# We did it\n> \\@everyone"},
            {"type": 10, "content": "**Next\\:** Mon 4 May\n**Who\\:** Ana"},
            {
                "type": 12,
                "items": [{"media": {"url": "attachment://picture-0.png"}, "description": "Twelve came"}],
            },
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 1, "label": "Yes", "custom_id": "db1:check-in:answer:17:0"},
                    {"type": 2, "style": 4, "label": "No", "custom_id": "db1:check-in:no::0"},
                    {"type": 2, "style": 5, "label": "More", "url": "https://a.example"},
                ],
            },
            {
                "type": 1,
                "components": [
                    {
                        "type": 3,
                        "custom_id": "db1:check-in:pick::0",
                        "placeholder": "Pick one",
                        "options": [{"label": "A day", "value": "day"}],
                    }
                ],
            },
        ],
        "attachments": [{"id": "0", "filename": "picture-0.png", "description": "Twelve came"}],
        "allowed_mentions": {"parse": [], "users": ["1001"]},
    }


def test_a_form_on_discord_looks_like_this() -> None:
    two = (Option("Good", "4"), Option("Tired", "2"))
    form = Form(
        "Check in",
        ANSWER,
        Words(name="intention", label="One thing", hint="What you will do", value="call\nChi", most=80),
        Choice(name="mood", label="How are you?", options=two, value=("4",)),
        Choice(name="days", label="Which days?", options=two, many=True, required=False),
        People(name="with", label="With whom?", value=("1001", "chi"), most=3),
        When(name="by", label="By when?", clock=True, value="next monday"),
    )
    assert render_form(form) == {
        "title": "Check in",
        "custom_id": "db1:check-in:answer:17:0",
        "components": [
            {
                "type": 18,
                "label": "One thing",
                "description": "What you will do",
                "component": {
                    "custom_id": "intention",
                    "required": True,
                    "type": 4,
                    "style": 1,
                    "max_length": 80,
                    "value": "call Chi",
                },
            },
            {
                "type": 18,
                "label": "How are you?",
                "component": {
                    "custom_id": "mood",
                    "required": True,
                    "type": 21,
                    "options": [
                        {"label": "Good", "value": "4", "default": True},
                        {"label": "Tired", "value": "2", "default": False},
                    ],
                },
            },
            {
                "type": 18,
                "label": "Which days?",
                "component": {
                    "custom_id": "days",
                    "required": False,
                    "type": 22,
                    "options": [
                        {"label": "Good", "value": "4", "default": False},
                        {"label": "Tired", "value": "2", "default": False},
                    ],
                    "min_values": 0,
                    "max_values": 2,
                },
            },
            {
                "type": 18,
                "label": "With whom?",
                "component": {
                    "custom_id": "with",
                    "required": True,
                    "type": 5,
                    "min_values": 1,
                    "max_values": 3,
                    "default_values": [{"id": "1001", "type": "user"}],
                },
            },
            {
                "type": 18,
                "label": "By when?",
                "component": {
                    "custom_id": "by",
                    "required": True,
                    "type": 4,
                    "style": 1,
                    "max_length": 100,
                    "placeholder": "2026-05-04 18:30",
                    "value": "next monday",
                },
            },
        ],
    }


@pytest.mark.parametrize(
    ("spans", "written"),
    [
        ((bold("a"), bold("b")), "**ab**"),
        ((bold("a"), italic("b"), bold("c")), "**a**\u2060*b*\u2060**c**"),
        ((italic("a\\"), bold("b")), "*a\\\\*\u2060**b**"),
        ((bold("a "), italic(" b")), "**a**  *b*"),
        ((bold("*"), "*"), "**\\***\\*"),
        (("*", bold("a")), "\\***a**"),
        ((code("a"), code("b")), "`ab`"),
        (("x", italic(" \n"), "y"), "x \ny"),
    ],
)
def test_styles_that_touch_stay_apart(spans: tuple[str | chat.Piece, ...], written: str) -> None:
    assert texts(render_message(Message(Text(*spans)))) == [written]


def test_each_picture_is_sent_along_under_its_own_name() -> None:
    message = Message("This month", Picture(b"\x89PNG1", "Twelve came"), Picture(b"\x89PNG2", "Nine came"))
    assert list_uploads(message) == [("picture-0.png", b"\x89PNG1"), ("picture-1.png", b"\x89PNG2")]


def test_a_file_stands_where_it_was_put_and_is_sent_along() -> None:
    message = Message(
        "So it went.", Attachment("retro.md", "# Été"), Picture(b"\x89PNG", "Twelve came"), Attachment("a.csv", "1,2")
    )
    body = render_message(message)
    assert (body["components"], body["attachments"], list_uploads(message)) == (
        [
            {"type": 10, "content": "So it went\\."},
            {"type": 13, "file": {"url": "attachment://retro.md"}},
            {
                "type": 12,
                "items": [{"media": {"url": "attachment://picture-1.png"}, "description": "Twelve came"}],
            },
            {"type": 13, "file": {"url": "attachment://a.csv"}},
        ],
        [
            {"id": "0", "filename": "retro.md"},
            {"id": "1", "filename": "picture-1.png", "description": "Twelve came"},
            {"id": "2", "filename": "a.csv"},
        ],
        [("retro.md", "# Été".encode()), ("picture-1.png", b"\x89PNG"), ("a.csv", b"1,2")],
    )


def test_a_file_that_discord_will_not_have_is_said_to_be_missing() -> None:
    message = Message("So it went", Attachment("retro.md", "# Retro"))
    body = render_message(message, files=False)
    assert (texts(body), body["attachments"], list_uploads(message, files=False)) == (
        ["So it went", "The file retro\\.md could not be brought here\\."],
        [],
        [],
    )


@pytest.mark.parametrize("person", ["U1", "0", "9223372036854775808"])
def test_somebody_without_a_discord_id_is_named(person: str) -> None:
    payload = render_message(Message(Text(Mention(person, "Ana_"))))
    assert texts(payload) == ["\\@Ana\\_"]
    assert payload["allowed_mentions"] == {"parse": [], "users": []}


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (Words(name="a", label="A", value=" \n"), None),
        (Words(name="a", label="A", value="b\nc", long=True), "b\nc"),
        (When(name="a", label="A", value=" "), None),
        (When(name="a", label="A", value="next\nmonday"), "next monday"),
    ],
)
def test_a_field_starts_with_what_was_answered_before(field: chat.Field, shown: str | None) -> None:
    (label,) = render_form(Form("Ask", ANSWER, field))["components"]
    assert label["component"].get("value") == shown


def test_somebody_mentioned_twice_is_pinged_once() -> None:
    payload = render_message(Message(Text(Mention("1001", "Chi"), Mention("1002", "Dee"), Mention("1001", "Chi"))))
    assert payload["allowed_mentions"] == {"parse": [], "users": ["1001", "1002"]}
