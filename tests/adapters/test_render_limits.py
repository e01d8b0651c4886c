"""The checks of what Slack and Discord refuse can themselves be trusted: each of their rules is broken once here."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.adapters.platform_limits import discord_message, discord_modal, slack_errors, slack_message, slack_view

Payload = dict[str, Any]
Path = tuple[str | int, ...]


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Payload:
    return {"text": plain("An option"), "value": value}


def choice(value: str) -> Payload:
    return {"label": "An option", "value": value}


def section(*words: Payload) -> Payload:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(words)}]}


def field(name: str, **element: object) -> Payload:
    return {"type": "input", "block_id": name, "label": plain("A label"), "element": {"action_id": name, **element}}


def label(name: str, **component: object) -> Payload:
    return {"type": 18, "label": "A label", "component": {"custom_id": name, **component}}


SLACK_MESSAGE: Payload = {
    "text": "Hello &lt;you&gt; &amp; me",
    "blocks": [
        section(
            {"type": "text", "text": "Hello", "style": {"bold": True}},
            {"type": "link", "url": "https://a.example", "text": "map"},
            {"type": "user", "user_id": "U12"},
            {"type": "date", "timestamp": 1777919400, "format": "{time}", "fallback": "18:30"},
        ),
        {"type": "context", "elements": [plain("A picture")]},
        {
            "type": "actions",
            "block_id": "row",
            "elements": [
                {"type": "button", "action_id": "yes", "text": plain("Yes"), "style": "danger", "value": "1"},
                {"type": "button", "action_id": "map", "text": plain("Map"), "url": "https://a.example"},
                {
                    "type": "static_select",
                    "action_id": "pick",
                    "placeholder": plain("Pick"),
                    "options": [option("1"), option("2")],
                },
            ],
        },
    ],
}
SLACK_VIEW: Payload = {
    "type": "modal",
    "title": plain("A form"),
    "submit": plain("Send"),
    "callback_id": "a:b::0",
    "private_metadata": "",
    "blocks": [
        field("words", type="plain_text_input", max_length=10, initial_value="ten lette"),
        field("one", type="radio_buttons", options=[option("1"), option("2")], initial_option=option("1")),
        field("many", type="checkboxes", options=[option("1")], initial_options=[option("1")]),
        field("who", type="users_select", initial_user="U12"),
        field("all", type="multi_users_select", initial_users=["U12", "W34"], max_selected_items=2),
        {**field("day", type="datepicker", initial_date="2026-05-04"), "hint": plain("A hint")},
        field("time", type="datetimepicker", initial_date_time=1777919400),
    ],
}
DISCORD_MESSAGE: Payload = {
    "flags": 32768,
    "components": [
        {"type": 10, "content": "Hello"},
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 1, "label": "Yes", "custom_id": "yes"},
                {"type": 2, "style": 5, "label": "Map", "url": "https://a.example"},
            ],
        },
        {
            "type": 1,
            "components": [
                {"type": 3, "custom_id": "pick", "placeholder": "Pick", "options": [choice("1"), choice("2")]}
            ],
        },
    ],
    "allowed_mentions": {"parse": [], "users": ["1001"]},
}
DISCORD_MODAL: Payload = {
    "title": "A form",
    "custom_id": "form",
    "components": [
        label("words", type=4, style=1, max_length=10, value="ten lette", placeholder="Words"),
        label("one", type=21, options=[choice("1"), choice("2")]),
        label("many", type=22, options=[choice("1")], min_values=0, max_values=1, required=False),
        {
            **label("who", type=5, min_values=1, max_values=2, default_values=[{"id": "1001", "type": "user"}]),
            "description": "A hint",
        },
    ],
}
BUTTON, LINK, SELECT = (("blocks", 2, "elements", place) for place in range(3))
WORD, URL, USER, DATE = (("blocks", 0, "elements", 0, "elements", place) for place in range(4))
PRESS, OPEN, PICK = (
    ("components", 1, "components", 0),
    ("components", 1, "components", 1),
    ("components", 2, "components", 0),
)
GONE = object()


def element(place: int) -> Path:
    return "blocks", place, "element"


def component(place: int) -> Path:
    return "components", place, "component"


def broken(payload: Payload, path: Path, value: object) -> Payload:
    changed: Any = copy.deepcopy(payload)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return dict(changed)


@pytest.mark.parametrize(
    ("check", "payload"),
    [
        (slack_message, SLACK_MESSAGE),
        (slack_view, SLACK_VIEW),
        (discord_message, DISCORD_MESSAGE),
        (discord_message, {**DISCORD_MESSAGE, "flags": 32768 + 64}),
        (discord_modal, DISCORD_MODAL),
    ],
)
def test_what_the_platforms_take_has_no_fault(check: Callable[[Payload], list[str]], payload: Payload) -> None:
    assert check(payload) == []


def test_errors_at_known_fields_have_no_fault() -> None:
    assert slack_errors({"response_action": "errors", "errors": {"mood": "Pick one"}}, ["mood"]) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("text",), "x" * 4001, "text has 4001 characters"),
        (("text",), "é" * 2001, "over 4000 bytes"),
        (("text",), "&amp;" * 500, "over 4000 bytes"),
        (("text",), " ", "text is blank"),
        (("text",), "<!channel>", "live markup"),
        (("text",), "a & b", "live markup"),
        (("text",), "\ud800", "a lone surrogate"),
        (("text",), "a\x00b", "a control character"),
        (("blocks",), [], "blocks: 0, not 1 to 50"),
        (("blocks",), [SLACK_MESSAGE["blocks"][1]] * 51, "blocks: 51, not 1 to 50"),
        (("blocks",), [section({"type": "text", "text": "x" * 2600})] * 6, "15600 letters in all"),
        (("blocks", 1, "type"), "image", "a block of type 'image'"),
        (("blocks", 1, "block_id"), "row", "block_id 'row' 2 times"),
        (("blocks", 1, "block_id"), "x" * 256, "block_id has 256 characters"),
        (("blocks", 1, "elements"), [plain("x")] * 11, "context elements: 11"),
        (("blocks", 1, "elements", 0, "text"), "x" * 3001, "context has 3001 characters"),
        (("blocks", 1, "elements", 0, "type"), "mrkdwn", "context is no plain_text"),
        (("blocks", 0, "elements"), [], "rich text elements: 0"),
        (("blocks", 0, "elements", 0, "elements"), [], "rich text without words"),
        (("blocks", 0, "elements", 0, "type"), "rich_text_list", "rich text of type"),
        ((*WORD, "text"), "", "rich text without a letter"),
        ((*WORD, "text"), "a<!here>", "a typed broadcast"),
        ((*WORD, "style"), {"underline": True}, "an unknown style"),
        ((*WORD, "type"), "broadcast", "a rich text word of type 'broadcast'"),
        ((*URL, "url"), "https://" + "x" * 3000, "a link's url has 3008 characters"),
        ((*URL, "text"), "", "a link's text has 0 characters"),
        ((*USER, "user_id"), "ana", "'ana' is no user"),
        ((*DATE, "timestamp"), 1777919400.5, "no timestamp of ten digits"),
        ((*DATE, "timestamp"), 999, "no timestamp of ten digits"),
        ((*DATE, "format"), "", "a date's format has 0"),
        ((*DATE, "fallback"), GONE, "a date's fallback is no text"),
        (("blocks", 2, "elements"), [{**SLACK_MESSAGE["blocks"][2]["elements"][0]}] * 26, "action elements: 26"),
        ((*BUTTON, "action_id"), "map", "action_id 'map' 2 times"),
        ((*BUTTON, "action_id"), "x" * 256, "action_id has 256 characters"),
        ((*BUTTON, "text"), plain("x" * 76), "a button has 76 characters"),
        ((*BUTTON, "text"), plain("🦊" * 38), "a button has 76 characters"),
        ((*BUTTON, "style"), "default", "an unknown style"),
        ((*BUTTON, "value"), "x" * 2001, "a button's value has 2001"),
        ((*BUTTON, "type"), "overflow", "an element of type 'overflow'"),
        ((*LINK, "url"), "https://" + "x" * 3000, "a button's url has 3008"),
        ((*LINK, "url"), "javascript:x", "a button's url is no web address"),
        ((*SELECT, "placeholder"), plain("x" * 151), "a placeholder has 151"),
        ((*SELECT, "options"), [], "options: 0, not 1 to 100"),
        ((*SELECT, "options"), [option(str(n)) for n in range(101)], "options: 101, not 1 to 100"),
        ((*SELECT, "options", 0), option("2"), "option value '2' 2 times"),
        ((*SELECT, "options", 0), option("x" * 151), "an option's value has 151"),
        ((*SELECT, "options", 0, "text"), plain("x" * 76), "an option has 76"),
        ((*SELECT, "initial_option"), option("3"), "an initial option that is no option"),
    ],
)
def test_what_slack_refuses_in_a_message_is_found(path: Path, value: object, fault: str) -> None:
    assert fault in "; ".join(slack_message(broken(SLACK_MESSAGE, path, value)))


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("type",), "home", "no modal"),
        (("title",), plain("x" * 25), "title has 25"),
        (("submit",), GONE, "submit is no plain_text"),
        (("submit",), plain("x" * 25), "submit has 25"),
        (("callback_id",), "x" * 256, "callback_id has 256"),
        (("private_metadata",), "x" * 3001, "private_metadata has 3001"),
        (("private_metadata",), "\udfff", "a lone surrogate"),
        (("more",), "x" * 250_000, "more than 250 kB"),
        (("blocks",), [], "blocks: 0, not 1 to 100"),
        (("blocks", 0, "type"), "rich_text", "a block of type"),
        (("blocks", 0, "block_id"), "one", "block_id 'one' 2 times"),
        (("blocks", 0, "label"), plain("x" * 2001), "a label has 2001"),
        (("blocks", 5, "hint"), plain(" "), "a hint is blank"),
        (("blocks", 5, "hint"), plain("x" * 2001), "a hint has 2001"),
        ((*element(0), "type"), "button", "an element of type 'button'"),
        ((*element(0), "max_length"), 3001, "max_length 3001"),
        ((*element(0), "initial_value"), "x" * 11, "initial_value has 11"),
        ((*element(1), "options"), [option(str(n)) for n in range(11)], "options: 11, not 1 to 10"),
        ((*element(2), "options"), [option(str(n)) for n in range(11)], "options: 11, not 1 to 10"),
        ((*element(1), "initial_option"), option("3"), "an initial option that is no option"),
        ((*element(2), "initial_options"), [], "an initial option that is no option"),
        ((*element(3), "initial_user"), "1001", "'1001' is no user"),
        ((*element(4), "initial_users"), ["U12", "U12"], "user 'U12' 2 times"),
        ((*element(4), "initial_users"), ["U12", "U13", "U14"], "initial_users: 3, not 1 to 2"),
        ((*element(5), "initial_date"), "4 May", "initial_date is no day"),
        ((*element(6), "initial_date_time"), "1777919400", "no timestamp of ten digits"),
    ],
)
def test_what_slack_refuses_in_a_form_is_found(path: Path, value: object, fault: str) -> None:
    assert fault in "; ".join(slack_view(broken(SLACK_VIEW, path, value)))


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        ({"response_action": "clear", "errors": {"mood": "x"}}, "no errors"),
        ({"response_action": "errors", "errors": {}}, "no sentence"),
        ({"response_action": "errors", "errors": {"": "x"}}, "'' is no field"),
        ({"response_action": "errors", "errors": {"mood": ""}}, "an error has 0"),
        ({"response_action": "errors", "errors": {"mood": "x" * 2001}}, "an error has 2001"),
        ({"response_action": "errors", "errors": {"mood": "\ud800"}}, "a lone surrogate"),
    ],
)
def test_what_slack_refuses_in_errors_is_found(payload: Payload, fault: str) -> None:
    assert fault in "; ".join(slack_errors(payload, ["mood"]))


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("flags",), 0, "flags 0"),
        (("flags",), 32768 + 4096, "flags 36864"),
        (("content",), "x", "content in a message of components"),
        (("embeds",), [], "embeds in a message of components"),
        (("components",), [], "components: 0, not 1 to 40"),
        (("components",), [{"type": 10, "content": "x"}] * 41, "components: 41, not 1 to 40"),
        (("components",), [{"type": 10, "content": "x" * 2001}] * 2, "4002 characters of text"),
        (("components", 0, "content"), "x" * 4001, "a text has 4001"),
        (("components", 0, "content"), "🦊" * 2001, "a text has 4002"),
        (("components", 0, "content"), " \n", "a text is blank"),
        (("components", 0, "content"), "\ud83e", "a lone surrogate"),
        (("components", 0, "content"), "\x1b", "a control character"),
        (("components", 0, "type"), 17, "a component of type 17"),
        (("components", 1, "components"), [], "buttons in a row: 0"),
        (
            ("components", 1, "components"),
            [DISCORD_MESSAGE["components"][1]["components"][1]] * 6,
            "buttons in a row: 6",
        ),
        (
            ("components", 1, "components", 0),
            DISCORD_MESSAGE["components"][2]["components"][0],
            "a menu beside something",
        ),
        ((*PRESS, "type"), 4, "in a row a component of type 4"),
        ((*PRESS, "label"), "x" * 81, "a button has 81"),
        ((*PRESS, "label"), " ", "a button is blank"),
        ((*PRESS, "style"), 6, "an unknown style"),
        ((*PRESS, "custom_id"), GONE, "custom_id is no text"),
        ((*PRESS, "custom_id"), "x" * 101, "custom_id has 101"),
        ((*PRESS, "custom_id"), "pick", "custom_id 'pick' 2 times"),
        ((*OPEN, "url"), "https://" + "x" * 505, "a button's url has 513"),
        ((*OPEN, "url"), "ftp://a.example", "a link that is no web address"),
        ((*OPEN, "custom_id"), "map", "a link that is no web address"),
        ((*PICK, "custom_id"), "", "custom_id has 0"),
        ((*PICK, "placeholder"), "x" * 151, "a placeholder has 151"),
        ((*PICK, "options"), [], "options: 0, not 1 to 25"),
        ((*PICK, "options"), [choice(str(n)) for n in range(26)], "options: 26, not 1 to 25"),
        ((*PICK, "options", 0), choice("2 "), "option value '2' 2 times"),
        ((*PICK, "options", 0), choice("x" * 101), "an option's value has 101"),
        ((*PICK, "options", 0, "label"), "x" * 101, "an option has 101"),
        (("allowed_mentions",), {}, "mentions are parsed"),
        (("allowed_mentions", "parse"), ["everyone"], "mentions are parsed"),
        (("allowed_mentions", "users"), [str(n + 1) for n in range(101)], "users: 101, not 0 to 100"),
        (("allowed_mentions", "users"), ["1", "1"], "user '1' 2 times"),
        (("allowed_mentions", "users"), ["U1"], "'U1' is no user"),
        (("allowed_mentions", "users"), [str(1 << 63)], "is no user"),
    ],
)
def test_what_discord_refuses_in_a_message_is_found(path: Path, value: object, fault: str) -> None:
    assert fault in "; ".join(discord_message(broken(DISCORD_MESSAGE, path, value)))


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("title",), "x" * 46, "title has 46"),
        (("custom_id",), "x" * 101, "custom_id has 101"),
        (("custom_id",), "\ud800", "a lone surrogate"),
        (("components",), [], "fields: 0, not 1 to 5"),
        (("components",), [DISCORD_MODAL["components"][0]] * 6, "fields: 6, not 1 to 5"),
        (("components", 0, "type"), 1, "a field of type 1"),
        (("components", 0, "label"), "x" * 46, "a label has 46"),
        (("components", 3, "description"), "x" * 101, "a description has 101"),
        (("components", 3, "description"), "", "a description has 0"),
        ((*component(0), "custom_id"), "one", "custom_id 'one' 2 times"),
        ((*component(0), "custom_id"), "x" * 101, "custom_id has 101"),
        ((*component(0), "type"), 19, "a field of type 19"),
        ((*component(0), "style"), 3, "an unknown style"),
        ((*component(0), "max_length"), 4001, "max_length 4001"),
        ((*component(0), "max_length"), 0, "max_length 0"),
        ((*component(0), "value"), "x" * 11, "a value has 11"),
        ((*component(0), "value"), "a\nb", "two lines in a field of one"),
        ((*component(0), "placeholder"), "x" * 101, "a placeholder has 101"),
        ((*component(1), "options"), [choice("1")], "options: 1, not 2 to 10"),
        ((*component(1), "options"), [choice(str(n)) for n in range(11)], "options: 11, not 2 to 10"),
        ((*component(1), "options"), [{**choice(n), "default": True} for n in "12"], "two defaults"),
        ((*component(2), "options"), [], "options: 0, not 1 to 10"),
        ((*component(2), "max_values"), 2, "0 to 2 of 1 options"),
        ((*component(2), "required"), True, "nothing may be chosen, but something must"),
        ((*component(3), "max_values"), 26, "1 to 26 people"),
        ((*component(3), "min_values"), 3, "3 to 2 people"),
        ((*component(3), "default_values"), [{"id": str(n)} for n in (1, 2, 3)], "users: 3, not 0 to 2"),
        ((*component(3), "default_values"), [{"id": "ana"}], "'ana' is no user"),
    ],
)
def test_what_discord_refuses_in_a_form_is_found(path: Path, value: object, fault: str) -> None:
    assert fault in "; ".join(discord_modal(broken(DISCORD_MODAL, path, value)))
