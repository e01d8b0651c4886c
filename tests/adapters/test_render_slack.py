"""Whatever can be built in the language can be shown on Slack, letter for letter and inside every limit."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings

from adapters.slack.render import render_form, render_message, render_problems, render_whisper
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
    Problems,
    Quote,
    Span,
    Text,
    When,
    Whisper,
    Words,
    bold,
    code,
)
from tests.adapters import views
from tests.adapters.platform_limits import slack_errors, slack_message, slack_view

ANSWER = Action("check-in", "answer", "17")
MOMENT = Moment(datetime(2026, 5, 4, 18, 30, tzinfo=UTC), "Mon 4 May, 18:30")


def section(*words: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(words)}]}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


# ------------------------------------------------------------------------------------------------ limits


@settings(max_examples=60)
@given(views.messages)
def test_every_message_fits_on_slack(message: Message) -> None:
    assert slack_message(render_message(message)) == []


@settings(max_examples=10)
@given(views.whispers)
def test_every_whisper_fits_on_slack_and_only_one_person_sees_it(whisper: Whisper) -> None:
    payload = render_whisper(whisper)
    assert slack_message(payload) == []
    assert (payload["response_type"], payload["replace_original"]) == ("ephemeral", False)


@given(views.forms)
def test_every_form_fits_on_slack(form: Form) -> None:
    assert slack_view(render_form(form)) == []


@settings(max_examples=25)
@given(views.problems, views.forms)
def test_every_problem_is_shown_at_a_field_of_the_form(problems: Problems, form: Form) -> None:
    names = [field.name for field in form.fields]
    payload = render_problems(problems, names)
    assert slack_errors(payload, names) == []
    shown = "\n".join(payload["errors"].values())
    assert all(sentence in shown for _, sentence in problems.sentences)


# ------------------------------------------------------------------------------------------------ letter for letter


@settings(max_examples=100)
@given(views.words(1996))
def test_anybodys_words_are_shown_letter_for_letter(words: str) -> None:
    (block,) = render_message(Message(Quote(words)))["blocks"]
    (quote,) = block["elements"]
    (element,) = quote["elements"]
    assert element["text"].replace("<\u2060!", "<!") == words.replace("<\u2060!", "<!")
    assert "style" not in element


@pytest.mark.parametrize("words", views.HOSTILE)
def test_markup_that_somebody_types_is_no_markup_in_the_notification(words: str) -> None:
    text = render_message(Message(Text("Said: ", Span(words))))["text"]
    assert html.unescape(text) == f"Said: {words}"
    assert not set(text) & {"<", ">"}


def test_a_long_message_is_notified_in_its_first_words() -> None:
    message = Message(Text("<" * 1000), Text("a" * 2000))
    text = render_message(message)["text"]
    assert text == "&lt;" * 499 + "…"


def test_the_last_character_of_a_notification_is_whole() -> None:
    message = Message(Text("é" * 1999), Text("é"))
    assert render_message(message)["text"] == "é" * 1998 + "…"


# ------------------------------------------------------------------------------------------------ one of each


def test_a_file_is_shared_by_its_address_in_the_text_and_named_as_a_link() -> None:
    message = Message("So it <went>", Attachment("retro.md", "# Retro"), Attachment("a.csv", "1,2"), "See you.")
    payload = render_message(message, {"retro.md": "https://movement.slack.com/files/U1/F1/retro.md?a=1&b=2"})
    assert payload == {
        "text": "So it &lt;went&gt;\nretro.md (file)\nThe file a.csv could not be brought here.\nSee you.\n"
        "<https://movement.slack.com/files/U1/F1/retro.md?a=1&amp;b=2|retro.md>",
        "blocks": [
            section({"type": "text", "text": "So it <went>"}),
            section(
                {
                    "type": "link",
                    "url": "https://movement.slack.com/files/U1/F1/retro.md?a=1&b=2",
                    "text": "retro.md",
                }
            ),
            section({"type": "text", "text": "The file a.csv could not be brought here."}),
            section({"type": "text", "text": "See you."}),
        ],
    }


def test_a_long_message_leaves_room_for_the_address_of_its_file() -> None:
    message = Message("é" * 1900, "é" * 1900, Attachment("retro.md", "# Retro"))
    text = render_message(message, {"retro.md": "https://a.example/F1"})["text"]
    fits = len(html.escape(text, quote=False).encode()) <= 4000
    assert (fits, text[-36:]) == (True, "ééé…\n<https://a.example/F1|retro.md>")


def test_a_message_on_slack_looks_like_this() -> None:
    message = Message(
        Text(
            "Hello ",
            Mention("U12", "Chi"),
            ", ",
            bold("come"),
            " ",
            MOMENT,
            ": ",
            code("/ask"),
            Link("map", "https://a.example"),
        ),
        Quote("We did it <!channel>", by="Ben"),
        Facts(("Next", "Mon 4 May"), ("Who", "Ana")),
        Picture(b"\x89PNG", "Twelve came"),
        Buttons(
            Button("Yes", ANSWER, "primary"), Button("No", Action("check-in", "no")), Link("More", "https://a.example")
        ),
        Menu("Pick one", Action("check-in", "pick"), (Option("A day", "day"),)),
    )
    assert render_message(message) == {
        "text": "Hello @Chi, come Mon 4 May, 18:30: /askmap\n"
        "Ben\n&gt; We did it &lt;!channel&gt;\n"
        "Next: Mon 4 May\nWho: Ana\n"
        "(Twelve came)\n"
        "[Yes] [No] [More]\n"
        "Pick one {A day}",
        "blocks": [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "Hello "},
                            {"type": "user", "user_id": "U12"},
                            {"type": "text", "text": ", "},
                            {"type": "text", "text": "come", "style": {"bold": True}},
                            {"type": "text", "text": " "},
                            {
                                "type": "date",
                                "timestamp": 1777919400,
                                "format": "{date_short_pretty} at {time}",
                                "fallback": "Mon 4 May, 18:30",
                            },
                            {"type": "text", "text": ": "},
                            {"type": "text", "text": "/ask", "style": {"code": True}},
                            {"type": "link", "url": "https://a.example", "text": "map"},
                        ],
                    }
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "Ben"}]},
                    {
                        "type": "rich_text_quote",
                        "elements": [{"type": "text", "text": "We did it <\u2060!channel>"}],
                    },
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "Next", "style": {"bold": True}},
                            {"type": "text", "text": ": Mon 4 May"},
                            {"type": "text", "text": "\nWho", "style": {"bold": True}},
                            {"type": "text", "text": ": Ana"},
                        ],
                    }
                ],
            },
            {"type": "context", "elements": [plain("Twelve came")]},
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "check-in:answer:17:0",
                        "text": plain("Yes"),
                        "style": "primary",
                    },
                    {"type": "button", "action_id": "check-in:no::0", "text": plain("No")},
                    {"type": "button", "action_id": "link-4-2", "text": plain("More"), "url": "https://a.example"},
                ],
            },
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "static_select",
                        "action_id": "check-in:pick::0",
                        "placeholder": plain("Pick one"),
                        "options": [{"text": plain("A day"), "value": "day"}],
                    }
                ],
            },
        ],
    }


def test_a_form_on_slack_looks_like_this() -> None:
    good, tired = (Option("Good", "4"), Option("Tired", "2"))
    form = Form(
        "Check in",
        ANSWER,
        Words(name="intention", label="One thing", hint="What you will do", value="call\nChi", most=80),
        Choice(name="mood", label="How are you?", options=(good, tired), value=("4",)),
        Choice(name="days", label="Which days?", options=(good, tired), value=("2",), many=True, required=False),
        People(name="with", label="With whom?", value=("U12", "chi"), most=3),
        When(name="by", label="By when?", value="2026-05-04"),
        submit="Done",
    )
    options = [{"text": plain("Good"), "value": "4"}, {"text": plain("Tired"), "value": "2"}]
    assert render_form(form) == {
        "type": "modal",
        "callback_id": "check-in:answer:17:0",
        "title": plain("Check in"),
        "submit": plain("Done"),
        "blocks": [
            {
                "type": "input",
                "block_id": "intention",
                "label": plain("One thing"),
                "optional": False,
                "element": {
                    "action_id": "intention",
                    "type": "plain_text_input",
                    "multiline": False,
                    "max_length": 80,
                    "initial_value": "call Chi",
                },
                "hint": plain("What you will do"),
            },
            {
                "type": "input",
                "block_id": "mood",
                "label": plain("How are you?"),
                "optional": False,
                "element": {
                    "action_id": "mood",
                    "type": "radio_buttons",
                    "options": options,
                    "initial_option": options[0],
                },
            },
            {
                "type": "input",
                "block_id": "days",
                "label": plain("Which days?"),
                "optional": True,
                "element": {
                    "action_id": "days",
                    "type": "checkboxes",
                    "options": options,
                    "initial_options": [options[1]],
                },
            },
            {
                "type": "input",
                "block_id": "with",
                "label": plain("With whom?"),
                "optional": False,
                "element": {
                    "action_id": "with",
                    "type": "multi_users_select",
                    "max_selected_items": 3,
                    "initial_users": ["U12"],
                },
            },
            {
                "type": "input",
                "block_id": "by",
                "label": plain("By when?"),
                "optional": False,
                "element": {"action_id": "by", "type": "datepicker", "initial_date": "2026-05-04"},
            },
        ],
    }


@pytest.mark.parametrize(
    ("value", "clock", "shown"),
    [
        ("2026-05-04T18:30+00:00", True, {"type": "datetimepicker", "initial_date_time": 1777919400}),
        ("2026-05-04T18:30", True, {"type": "datetimepicker"}),
        ("0900-05-04T18:30+00:00", True, {"type": "datetimepicker"}),
        ("next monday", True, {"type": "datetimepicker"}),
        ("2026-05-04T18:30+00:00", False, {"type": "datepicker", "initial_date": "2026-05-04"}),
        ("next monday", False, {"type": "datepicker"}),
        ("", False, {"type": "datepicker"}),
    ],
)
def test_a_picker_starts_where_the_moment_is_known(value: str, shown: dict[str, Any], *, clock: bool) -> None:
    (block,) = render_form(Form("When", ANSWER, When(name="at", label="At", value=value, clock=clock)))["blocks"]
    assert block["element"] == {"action_id": "at", **shown}


@pytest.mark.parametrize(
    ("value", "long", "shown"), [(" \n", True, None), ("b\nc", True, "b\nc"), ("b\nc", False, "b c")]
)
def test_a_field_starts_with_what_was_answered_before(value: str, shown: str | None, *, long: bool) -> None:
    (block,) = render_form(Form("Ask", ANSWER, Words(name="a", label="A", value=value, long=long)))["blocks"]
    assert block["element"].get("initial_value") == shown


def test_one_person_is_picked_from_a_list_of_people() -> None:
    (block,) = render_form(Form("Who", ANSWER, People(name="who", label="Who", value=("U12",))))["blocks"]
    assert block["element"] == {"action_id": "who", "type": "users_select", "initial_user": "U12"}


def test_somebody_without_a_slack_id_is_named_and_an_ancient_day_is_told_in_words() -> None:
    ancient = Moment(datetime(900, 5, 4, tzinfo=UTC), "long ago")
    (block,) = render_message(Message(Text(Mention("17", "Ana <!here>"), ancient)))["blocks"]
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "@Ana <\u2060!here>"},
        {"type": "text", "text": "long ago"},
    ]


def test_a_long_name_of_somebody_without_a_slack_id_is_cut() -> None:
    (block,) = render_message(Message(Text(Mention("17", "x" * 500))))["blocks"]
    assert block["elements"][0]["elements"] == [{"type": "text", "text": "@" + "x" * 21 + "…"}]


def test_a_link_called_like_a_broadcast_cannot_become_one() -> None:
    (block,) = render_message(Message(Text(Link("<!channel>", "https://a.example"))))["blocks"]
    assert block["elements"][0]["elements"] == [
        {"type": "link", "url": "https://a.example", "text": "<\u2060!channel>"}
    ]


def test_what_is_wrong_with_the_whole_form_stands_at_its_first_field() -> None:
    problems = Problems({"": "Too late", "mood": "Pick one", "gone": "Unknown"})
    assert render_problems(problems, ["intention", "mood"]) == {
        "response_action": "errors",
        "errors": {"intention": "Too late\nUnknown", "mood": "Pick one"},
    }
