"""What the language takes and what it refuses, each refusal with a sentence for whoever built the view."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import (
    TEXT_LIMIT,
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
    Place,
    Problems,
    Quote,
    Span,
    Text,
    ViewError,
    When,
    Whisper,
    Words,
    bold,
    code,
    fit,
    italic,
    shorten,
    weight,
)
from tests.adapters import views

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ANSWER = Action("check-in", "answer")
YES = Button("Yes", ANSWER)
WORDS = Words(name="what", label="What")
PNG = b"\x89PNG"


def option(number: int = 1, label: str = "An option") -> Option:
    return Option(label, str(number))


def button(number: int) -> Button:
    return Button("Yes", Action("check-in", "answer", str(number)))


def mention(number: int) -> Mention:
    return Mention(str(number), "Chi")


def row(first: int, width: int = 5) -> Buttons:
    return Buttons(*(button(first + number) for number in range(width)))


REFUSALS: list[tuple[Callable[[], object], str]] = [
    # Texts
    (lambda: Span(""), "a span without words"),
    (lambda: Span("a\x00b"), "a span that cannot be sent: 'a\\x00b'"),
    (lambda: Span("\ud83e"), "a span that cannot be sent: '\\ud83e'"),
    (lambda: code("`"), "code with a backtick or a new line"),
    (lambda: code("a\nb"), "code with a backtick or a new line"),
    (lambda: Link(" ", "https://a.example"), "a link's label is empty"),
    (lambda: Link("x" * 76, "https://a.example"), "a link's label is longer than 75"),
    (lambda: Link("🦊" * 38, "https://a.example"), "a link's label is longer than 75"),
    (lambda: Link("a\x07", "https://a.example"), "a link's label that cannot be sent"),
    (lambda: Link("a", "javascript:alert(1)"), "not a web address: 'javascript:alert(1)'"),
    (lambda: Link("a", "https://a.example/" + "x" * 500), "a web address that cannot be sent"),
    (lambda: Link("a", "https://a.example/<b>"), "a web address that cannot be sent"),
    (lambda: Link("a", "https://"), "a web address that is not well-formed: 'https://'"),
    (lambda: Link("a", "https://a..example"), "a web address that is not well-formed"),
    (lambda: Link("a", "https://a.example/ü"), "a web address that is not well-formed"),
    (lambda: Link("a", "https://a.example/\\"), "a web address that is not well-formed"),
    (lambda: Mention("not an id", "Chi"), "not a person's id: 'not an id'"),
    (lambda: Mention("1" * 21, "Chi"), "not a person's id"),
    (lambda: Mention("U1", " "), "a mention without a name"),
    (lambda: Mention("U1", "\x1b"), "a name that cannot be sent"),
    (lambda: Moment(NOON.replace(tzinfo=None), "noon"), "a moment without a time zone"),
    (lambda: Moment(NOON, " "), "a moment's words is empty"),
    (lambda: Moment(NOON, "x" * 61), "a moment's words weighs 61, more than 60"),
    (Text, "a text without words"),
    (lambda: Text(""), "a text without words"),
    (lambda: Text(" ", bold("\n")), "a text of blanks"),
    (lambda: Text("x" * 2001), "a text weighs 2001, more than 2000"),
    (lambda: Text("*" * 1001), "a text weighs 2002, more than 2000"),
    (lambda: Text("🦊" * 1001), "a text weighs 2002, more than 2000"),
    (lambda: Text(bold("x" * 1997)), "a text weighs 2001, more than 2000"),
    # Actions
    (lambda: Action("Check in", "answer"), "not an action"),
    (lambda: Action("check-in", ""), "not an action"),
    (lambda: Action("check-in", "answer", "a b"), "not what an action can be about: 'a b'"),
    (lambda: Action("check-in", "answer", "a:b"), "not what an action can be about: 'a:b'"),
    (lambda: Action("check-in", "answer", movement=-1), "a movement's number is never negative"),
    (lambda: Action("check-in", "answer", movement=10**18), "a movement's number that cannot be read back"),
    (lambda: Action("check-in", "answer", "x" * 73), "an action longer than 90"),
    # The parts of a message
    (lambda: Quote(" \n"), "a quote is empty"),
    (lambda: Quote("x" * 1997), "a quote weighs 1997, more than 1996"),
    (lambda: Quote("x" * 1900, by="y" * 97), "a quote weighs 1900, more than 1899"),
    (lambda: Quote("a\x00"), "a quote that cannot be sent"),
    (lambda: Quote("a", by="\x00"), "an author that cannot be sent"),
    (Facts, "0 facts, not 1 to 10"),
    (lambda: Facts(*[("a", "b")] * 11), "11 facts, not 1 to 10"),
    (lambda: Facts(("", "b")), "a fact's name is empty"),
    (lambda: Facts(("x" * 76, "b")), "a fact's name is longer than 75"),
    (lambda: Facts(("a", " ")), "a fact is empty"),
    (lambda: Facts(("a", "x" * 1001)), "a fact weighs 1001, more than 1000"),
    (lambda: Facts(("a", "x" * 1000), ("a", "x" * 1000)), "facts that weigh more than a text may"),
    (lambda: Picture(b"GIF89a", "Twelve came"), "a picture that is no PNG"),
    (lambda: Picture(PNG + bytes(5_000_000), "Twelve came"), "a picture of 5000004 bytes, more than 5000000"),
    (lambda: Picture(PNG, ""), "a picture's words is empty"),
    (lambda: Picture(PNG, "x" * 1001), "a picture's words is longer than 1000"),
    *(
        (lambda name=name: Attachment(name, "a"), "not a file's name")
        for name in ("", "retro", ".md", "Retro.md", "a b.md", "../a.md", "a/b.md", "a_b.md", "a.exe", "x" * 58 + ".md")
    ),
    (lambda: Attachment("a.md", " \n"), "a file without words: 'a.md'"),
    (lambda: Attachment("a.md", "a\x00"), "a file that cannot be sent: 'a.md'"),
    (lambda: Attachment("a.md", "é" * 100_001), "a file of 200002 bytes, more than 200000"),
    (lambda: Button("", ANSWER), "a button's label is empty"),
    (lambda: Button("x" * 76, ANSWER), "a button's label is longer than 75"),
    (Buttons, "0 buttons in a row, not 1 to 5"),
    (lambda: row(0, 6), "6 buttons in a row, not 1 to 5"),
    (lambda: Option("", "1"), "an option's label is empty"),
    (lambda: Option("x" * 76, "1"), "an option's label is longer than 75"),
    (lambda: Option("One", ""), "an option's value is empty"),
    (lambda: Option("One", "x" * 101), "an option's value is longer than 100"),
    (lambda: Option("One", "1 "), "an option's value with blanks around it: '1 '"),
    (lambda: Menu("", ANSWER, (option(),)), "a menu's label is empty"),
    (lambda: Menu("x" * 76, ANSWER, (option(),)), "a menu's label is longer than 75"),
    (lambda: Menu("Pick", ANSWER, ()), "0 options, not 1 to 25"),
    (lambda: Menu("Pick", ANSWER, tuple(map(option, range(26)))), "26 options, not 1 to 25"),
    (lambda: Menu("Pick", ANSWER, (option(1), option(1))), "two options with one value"),
    # Messages
    (Message, "0 parts, not 1 to 20"),
    (lambda: Message(*["a"] * 21), "21 parts, not 1 to 20"),
    (lambda: Message(Buttons(YES)), "a message without a word"),
    (lambda: Message(*["x" * 1334] * 3), "a message weighs 4002, more than 4000"),
    (lambda: Message("a", *(row(10 * number) for number in range(7))), "more components than Discord shows"),
    (lambda: Message("a", *[Picture(PNG, "Twelve came")] * 5), "more pictures than can be sent"),
    (lambda: Message(Attachment("a.md", "a")), "a message without a word"),
    (lambda: Message("a", *(Attachment(f"{n}.md", "a") for n in range(3))), "3 files, more than 2"),
    (lambda: Message("a", *[Attachment("a.md", "a")] * 2), "two files with one name"),
    (lambda: Whisper("a", Attachment("a.md", "a")), "a file in a whisper, where Slack cannot show it"),
    (
        lambda: Message(*(Text(*(mention(60 * text + number) for number in range(60))) for text in range(2))),
        "more than 100 people mentioned",
    ),
    (
        lambda: Message(
            "a",
            *(
                Menu("Pick", Action("a", "b", str(menu)), tuple(Option("x" * 75, f"{n:0100}") for n in range(25)))
                for menu in range(3)
            ),
        ),
        "more than 12000 letters together with labels, values and addresses",
    ),
    (
        lambda: Message("a", *[Buttons(*[Link("x", "https://a.example/" + "x" * 482)] * 5)] * 5),
        "more than 12000 letters together with labels, values and addresses",
    ),
    (lambda: Message("a", Buttons(YES, YES)), "one action twice in a message"),
    (lambda: Message("a", Buttons(YES), Menu("Pick", ANSWER, (option(),))), "one action twice in a message"),
    # Fields and forms
    (lambda: Words(name="No", label="What"), "not a field's name: 'No'"),
    (lambda: Words(name="x" * 41, label="What"), "a field's name longer than 40"),
    (lambda: Words(name="what", label=""), "a field's label is empty"),
    (lambda: Words(name="what", label="x" * 46), "a field's label is longer than 45"),
    (lambda: Words(name="what", label="What", hint="x" * 101), "a hint longer than 100"),
    (lambda: Words(name="what", label="What", hint="🦊" * 51), "a hint longer than 100"),
    (lambda: Words(name="what", label="What", hint=" "), "a hint of blanks"),
    (lambda: Words(name="what", label="What", hint="\x00"), "a hint that cannot be sent"),
    (lambda: Words(name="what", label="What", most=0), "an answer of 0 characters, not 1 to 3000"),
    (lambda: Words(name="what", label="What", most=3001), "an answer of 3001 characters, not 1 to 3000"),
    (lambda: Words(name="what", label="What", most=3, value="four"), "a value longer than the answer may be"),
    (lambda: Words(name="what", label="What", value="\x00"), "a value that cannot be sent"),
    (lambda: Choice(name="what", label="What", options=(option(),)), "1 options, not 2 to 10"),
    (lambda: Choice(name="what", label="What", options=tuple(map(option, range(11)))), "11 options, not 2 to 10"),
    (lambda: Choice(name="what", label="What", options=(option(), option())), "two options with one value"),
    (
        lambda: Choice(name="what", label="What", options=(option(1), option(2)), value=("3",)),
        "a value that is no option",
    ),
    (
        lambda: Choice(name="what", label="What", options=(option(1), option(2)), value=("1", "2")),
        "two values where one can be chosen",
    ),
    (lambda: People(name="who", label="Who", most=0), "0 people to pick, not 1 to 25"),
    (lambda: People(name="who", label="Who", most=26), "26 people to pick, not 1 to 25"),
    (lambda: People(name="who", label="Who", value=("U1", "U2")), "more people picked than may be"),
    (lambda: People(name="who", label="Who", value=("@chi",)), "not a person's id"),
    (lambda: People(name="who", label="Who", value=("U1", "U1"), most=2), "one person picked twice"),
    (lambda: When(name="when", label="When", value="x" * 41), "a moment longer than 40 characters"),
    (lambda: When(name="when", label="When", value="\x00"), "a moment that cannot be sent"),
    (lambda: Form("", ANSWER, WORDS), "a form's title is empty"),
    (lambda: Form("x" * 25, ANSWER, WORDS), "a form's title is longer than 24"),
    (lambda: Form("Ask", ANSWER, WORDS, submit=""), "a form's button is empty"),
    (lambda: Form("Ask", ANSWER, WORDS, submit="x" * 25), "a form's button is longer than 24"),
    (lambda: Form("Ask", ANSWER), "0 fields, not 1 to 5"),
    (
        lambda: Form("Ask", ANSWER, *(Words(name=f"what-{n}", label="What") for n in range(6))),
        "6 fields, not 1 to 5",
    ),
    (lambda: Form("Ask", ANSWER, WORDS, WORDS), "two fields with one name"),
    (lambda: Problems({}), "problems without a problem"),
    (lambda: Problems({str(n): "No" for n in range(7)}), "7 problems, more than a form has places"),
    (lambda: Problems({"what": " "}), "a problem is empty"),
    (lambda: Problems({"what": "x" * 301}), "a problem weighs 301, more than 300"),
]


@pytest.mark.parametrize(
    ("build", "sentence"), REFUSALS, ids=[f"{n}-{sentence}" for n, (_, sentence) in enumerate(REFUSALS)]
)
def test_what_some_platform_could_not_show_is_refused_with_a_sentence(
    build: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(ViewError, match=re.escape(sentence)):
        build()


@pytest.mark.parametrize(
    "build",
    [
        lambda: Text("*" * 1000),
        lambda: Quote("\n" * 331 + "x" * 1003),
        lambda: Message("x" * 2000, "x" * 2000, *[Picture(PNG, "x" * 1000)] * 4),
        lambda: Message("a", *(row(10 * number) for number in range(6)), *["b"]),
        lambda: Message(*(Text(*(mention(50 * text + number) for number in range(50))) for text in range(2))),
        lambda: Action("a", "b", "x" * 84),
        lambda: Action("a", "b", movement=10**18 - 1),
        lambda: Words(name="x" * 40, label="x" * 45, hint="x" * 100, value="x" * 3000, most=3000),
        lambda: Link("x" * 75, "https://a.example:8080/?b=[c]&d=(e)#" + "f" * 450),
        lambda: Link("Home", "http://localhost"),
    ],
)
def test_exactly_as_much_as_fits_is_taken(build: Callable[[], object]) -> None:
    build()


# ------------------------------------------------------------------------------------------------ texts


def test_a_string_is_a_paragraph_and_an_empty_one_is_nothing() -> None:
    assert Message("Hello").parts == (Text(Span("Hello")),)
    assert Text("", "a", bold("b"), italic("c"), "").spans == (Span("a"), Span("b", "bold"), Span("c", "italic"))


@pytest.mark.parametrize(("words", "heavy"), [("abc é", 5), ("a.b", 4), ("🦊", 2), ("a\nb", 5), ("…", 1), ("", 0)])
def test_words_weigh_what_they_take_where_that_is_tightest(words: str, heavy: int) -> None:
    assert weight(words) == heavy


@given(views.words(), views.words())
def test_words_weigh_the_same_in_one_piece_or_in_two(first: str, second: str) -> None:
    assert weight(first + second) == weight(first) + weight(second)


@settings(max_examples=100)
@given(st.lists(st.just("") | views.words(300), max_size=40), st.integers(30, TEXT_LIMIT))
def test_a_list_is_cut_where_it_is_full_and_says_how_many_are_left(lines: list[str], limit: int) -> None:
    shown = fit(lines, limit=limit)
    assert weight(shown) <= limit
    cut = ["\n".join([*lines[:kept], f"… and {len(lines) - kept} more"]) for kept in range(len(lines))]
    assert shown in ["\n".join(lines), *cut]


def test_a_very_long_list_still_fits() -> None:
    shown = fit(["a"] * 200_000)
    assert weight(shown) <= TEXT_LIMIT
    assert shown.endswith("a\n… and 199505 more")


def test_a_list_that_fits_is_shown_whole() -> None:
    assert fit(["a", "b"]) == "a\nb"
    assert fit([]) == ""


@given(views.words(), st.integers(1, 600))
def test_words_that_are_too_long_end_in_an_ellipsis(words: str, limit: int) -> None:
    short = shorten(words, limit=limit)
    assert weight(short) <= limit
    assert short == words or (short.endswith("…") and words.startswith(short[:-1]))


# ------------------------------------------------------------------------------------------------ actions


@settings(max_examples=100)
@given(views.actions)
def test_an_action_comes_back_from_a_button_as_it_was(action: Action) -> None:
    assert Action.decode(action.encode()) == action


@pytest.mark.parametrize(
    "written", ["", "a", "a:b", "a:b:c", "a:b:c:", "a:b:c:x", "A:b:c:0", ":b:c:0", "a:b:c:d:0", "a:b:ü:0"]
)
def test_what_no_button_of_ours_carries_is_no_action(written: str) -> None:
    with pytest.raises(ViewError):
        Action.decode(written)


@given(st.text(max_size=40))
def test_anything_else_is_an_action_or_refused(written: str) -> None:
    try:
        action = Action.decode(written)
    except ViewError:
        return
    assert Action.decode(action.encode()) == action


def test_a_message_tells_the_actions_it_offers_in_order() -> None:
    menu = Menu("Pick", Action("a", "pick"), (option(),))
    message = Message("Well?", menu, Buttons(button(2), Link("Map", "https://a.example"), button(1)))
    assert message.actions == (Action("a", "pick"), button(2).action, button(1).action)


def test_a_thread_shares_the_lane_of_its_channel_and_an_inbox_has_its_own() -> None:
    assert Place("slack", "T1", "C1", thread="1.2").lane == Place("slack", "T1", "C1").lane == "slack/T1/C1"
    assert Place("slack", "T1", person="U1").lane == "slack/T1/@U1"
