"""Everything that can be built in the language, made up by hypothesis: the hostile, the odd and the exactly full."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any, Literal, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot import chat
from tests.adapters.platform_limits import units

Thing = TypeVar("Thing")
View = TypeVar("View")

HOSTILE = (
    *("<!channel>", "<!here|x>", "<!subteam^S1>", "<@U1>", "<@123456789012345678>", "<#C1|x>", "<#1>", "<@&1>"),
    *("@everyone", "@here", "</ask:1>", "<t:1764000000:R>", "<:fire:1>", "<a:fire:1>", ":fire:", "<id:guide>"),
    *("**", "__", "~~", "||", "`", "```", "```py\n", "*a*", "_a_", "*", "_", "\\", "\\\\", "\\*", "¯\\_(ツ)_/¯"),
    *("\n# a", "\n## a", "\n-# a", "\n> a", "\n>>> a", "\n- a", "\n1. a", "\n* a", "\n+ a", "\n\n", "\n", "\t"),
    *("[a](https://evil.example)", "[a](<https://evil.example>)", "https://evil.example/_x_", "discord.gg/abc"),
    *("<https://evil.example|a>", "<mailto:a@b.example>", "[", "]", "](", ")", "&amp;", "&", "<", ">", "…", "a", " "),
    *("\u202e", "\u2066", "\u200b", "\u200d", "\u2060", "\ufeff", "\u2028", "\u00a0", "e\u0301", "👩‍👩‍👧", "🇺🇦", "٣. "),
)

letters = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t") | st.sampled_from("*_`<>@:.#")


def _cut(words: str, limit: int, size: Callable[[str], int]) -> str:
    """Shorten by halves, then give blank words a letter: quick, and independent of how the language cuts."""
    while size(words) > limit:
        words = words[: max(len(words) * limit // size(words), 0)]
    return words if words.strip() else "x"


@cache
def _hostile(most: int) -> SearchStrategy[str]:
    mixed = st.lists(st.sampled_from(HOSTILE) | st.text(letters, max_size=8), min_size=1, max_size=12).map("".join)
    run = st.sampled_from(("*", "🦊", "a", "\n", "<!", "`", "\\", "> ", "é", "_*", "a b ")).map(lambda one: one * most)
    return mixed | run | st.text(letters, min_size=1, max_size=40)


# Composite strategies, because their names are short: a failing test prints the whole strategy.
@st.composite
def words(draw: st.DrawFn, limit: int = 600) -> str:
    """Words that weigh up to the limit, often all of it."""
    return _cut(draw(_hostile(limit)), limit, chat.weight)


@st.composite
def labels(draw: st.DrawFn, limit: int = chat.LABEL_LIMIT) -> str:
    """Words for a label, often as long as one may be."""
    return _cut(draw(_hostile(limit)), limit, units)


SLUG = string.ascii_lowercase + string.digits + "-"
LETTERS = string.ascii_letters + string.digits


def slugs(most: int = 12) -> SearchStrategy[str]:
    return st.builds("{}{}".format, st.sampled_from(string.ascii_lowercase), st.text(SLUG, max_size=most - 1))


numbers = st.integers(0, 10**18 - 1)
actions = st.builds(
    chat.Action, slugs(), slugs(), st.text(LETTERS + "_./,+=-", max_size=40), numbers | st.integers(0, 99)
)
addresses = st.builds(
    "https://{}.example/{}".format,
    slugs(),
    st.text(LETTERS + "_()*~%&?=#/.,:;!$@+[]-", max_size=60) | st.sampled_from(("_a_(b)", "a" * 460)),
)
people = (
    st.builds(
        "{}{}".format, st.sampled_from("UW"), st.text(string.ascii_uppercase + string.digits, min_size=2, max_size=12)
    )
    | st.integers(1, 2**64).map(str)
    | st.text(LETTERS + "_-", min_size=1, max_size=20)
)
zones = st.sampled_from((UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=9, minutes=30))))
instants = st.datetimes(timezones=zones) | st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=zones)  # noqa: DTZ001 - hypothesis adds the zones

styles: SearchStrategy[Literal["plain", "bold", "italic"]] = st.sampled_from(("plain", "bold", "italic"))
spans = (
    st.builds(chat.Span, words(120) | st.sampled_from((" ", "\n", " a ", "a\\")), styles)
    | words(60).map(lambda made: chat.code(made.replace("`", "'").replace("\n", " ")))
    | st.builds(chat.Link, labels(), addresses)
    | st.builds(chat.Mention, people, labels(60))
    | st.builds(chat.Moment, instants, words(60), st.sampled_from(("moment", "day", "time")))
)


def _texts(pieces: list[chat.Piece]) -> chat.Text:
    return _whole(lambda kept: chat.Text(*kept), pieces, chat.Span("x"))


def _whole(build: Callable[[list[Thing]], View], things: list[Thing], rescue: Thing) -> View:
    """Build from as many of the things as fit together; the rescue is always among them."""
    kept = [rescue, *things]
    while True:
        try:
            return build(kept)
        except chat.ViewError:
            kept.pop()


texts: SearchStrategy[chat.Text] = st.lists(spans, min_size=1, max_size=12).map(_texts) | words(chat.TEXT_LIMIT).map(
    chat.Text
)
quotes = st.builds(chat.Quote, words(900) | words(1600), st.just("") | words(300))
facts = st.lists(st.tuples(labels(), words(80)), min_size=1, max_size=chat.FACTS_LIMIT).map(
    lambda pairs: chat.Facts(*pairs[: 2000 // 260])
)
pictures = st.builds(chat.Picture, st.just(b"\x89PNG\r\n\x1a\n"), labels(chat.ALT_LIMIT))
attachments = st.builds(
    chat.Attachment, st.from_regex(r"[a-z0-9][a-z0-9.-]{0,40}\.(md|html|csv|json|ics|txt)", fullmatch=True), words(200)
)
buttons = st.builds(chat.Button, labels(), actions, st.sampled_from(("plain", "primary", "danger")))
rows = st.lists(buttons | st.builds(chat.Link, labels(), addresses), min_size=1, max_size=chat.BUTTONS_IN_ROW).map(
    lambda row: chat.Buttons(*row)
)
values = labels(chat.VALUE_LIMIT).map(lambda made: made.strip() or "x")


def options(least: int, most: int) -> SearchStrategy[tuple[chat.Option, ...]]:
    option = st.builds(chat.Option, labels(), values)
    return st.lists(option, min_size=least, max_size=most, unique_by=lambda one: one.value).map(tuple)


full_menus = st.builds(
    lambda action, label: chat.Menu(
        label, action, tuple(chat.Option(label, f"{number:03}" + "v" * 97) for number in range(chat.MENU_LIMIT))
    ),
    actions,
    labels(),
)
menus = st.builds(chat.Menu, labels(), actions, options(1, 8)) | full_menus
parts = texts | quotes | facts | pictures | attachments | rows | menus
messages: SearchStrategy[chat.Message] = st.lists(parts, min_size=1, max_size=chat.PARTS_LIMIT).map(
    lambda made: _whole(lambda kept: chat.Message(*kept), made, chat.Text("x"))
)
whispers = messages.map(
    lambda message: chat.Whisper(
        *([part for part in message.parts if not isinstance(part, chat.Attachment)] or [chat.Text("x")])
    )
)

flags = st.booleans()
hints = st.just("") | labels(chat.HINT_LIMIT)
names = slugs(chat.FIELD_NAME_LIMIT)
_named = {"name": names, "label": labels(chat.FIELD_LABEL_LIMIT), "hint": hints, "required": flags}


def _typed(most: int, made: str, **rest: Any) -> chat.Words:  # noqa: ANN401 - passed on
    return chat.Words(most=most, value=_cut(made, most, units) if made.strip() else made, **rest)


def _chosen(many: bool, picked: list[int], offered: tuple[chat.Option, ...], **rest: Any) -> chat.Choice:  # noqa: ANN401, FBT001
    chosen = tuple(offered[one].value for one in picked if one < len(offered))
    return chat.Choice(many=many, options=offered, value=chosen if many else chosen[:1], **rest)


def _picked(most: int, ids: list[str], **rest: Any) -> chat.People:  # noqa: ANN401 - passed on
    return chat.People(most=most, value=tuple(ids[:most]), **rest)


fields = (
    st.builds(
        _typed, st.integers(1, chat.ANSWER_LIMIT), words(3000) | st.sampled_from(("", " ", "\n")), long=flags, **_named
    )
    | st.builds(_chosen, flags, st.lists(st.integers(0, 9), unique=True), options(2, chat.CHOICE_LIMIT), **_named)
    | st.builds(_picked, st.integers(1, chat.MENU_LIMIT), st.lists(people, unique=True), **_named)
    | st.builds(
        chat.When,
        clock=flags,
        value=instants.map(datetime.isoformat)
        | st.dates().map(str)
        | labels(40)
        | st.sampled_from(("", " ", "a\nb", "2026-05-04", "2026-05-04 18:30", "next monday", "2026-W19-1", "24:00")),
        **_named,
    )
)
forms: SearchStrategy[chat.Form] = st.builds(
    lambda title, action, made, submit: chat.Form(title, action, *made, submit=submit),
    labels(chat.TITLE_LIMIT),
    actions,
    st.lists(fields, min_size=1, max_size=chat.FIELDS_LIMIT, unique_by=lambda field: field.name),
    labels(chat.TITLE_LIMIT),
)
problems: SearchStrategy[chat.Problems] = st.dictionaries(
    st.just("") | names, words(300), min_size=1, max_size=chat.FIELDS_LIMIT + 1
).map(chat.Problems)
views = messages | forms | whispers | problems
