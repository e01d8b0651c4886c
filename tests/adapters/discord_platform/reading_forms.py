"""A form as a person has it before them on Discord, read back; what they fill in; what was wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.chat import Choice, Field, Form, Option, People, Problems, Quote, Span, When, Words
from tests.adapters.discord_platform.reading import Eyes, action_of, read_message, read_pieces
from tests.adapters.discord_platform.refusing import Json

LABEL, LINE, USERS, ONE_OF, SOME_OF, BUTTON, TEXT_DISPLAY = 18, 4, 5, 21, 22, 2, 10
# Discord itself words the button under a form.
SUBMIT: Final = "Submit"
AGAIN: Final = "Try again"
CONTINUE: Final = "Continue"
_DAY = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?")

Answers = Mapping[str, str | tuple[str, ...]]


def read_form(modal: Json, named: Callable[[str], str]) -> Form:
    """Read a modal."""
    fields = (_read_field(label, named) for label in modal["components"])
    return Form(modal["title"], action_of(modal["custom_id"]), *fields, submit=SUBMIT)


def _read_field(label: Json, named: Callable[[str], str]) -> Field:
    field = label["component"]
    name, shown, hint = field["custom_id"], label["label"], label.get("description", "")
    required, value = field.get("required", True), field.get("value", "")
    match field["type"]:
        case 5:
            picked = tuple(named(one["id"]) for one in field.get("default_values", []))
            most = field.get("max_values", 1)
            return People(name=name, label=shown, hint=hint, value=picked, most=most, required=required)
        case 21 | 22 as kind:
            options = tuple(Option(one["label"], one["value"]) for one in field["options"])
            chosen = tuple(one["value"] for one in field["options"] if one.get("default"))
            many = kind == SOME_OF
            return Choice(
                name=name, label=shown, hint=hint, options=options, value=chosen, many=many, required=required
            )
        case _ if _DAY.fullmatch(field.get("placeholder", "")):
            clock = ":" in field["placeholder"]
            return When(name=name, label=shown, hint=hint, value=value, clock=clock, required=required)
        case _:
            long, most = field["style"] == 2, min(field.get("max_length", 3000), 3000)
            return Words(name=name, label=shown, hint=hint, value=value, long=long, most=most, required=required)


def submission(modal: Json, answers: Answers, native: Callable[[str], str]) -> list[Json]:
    """Write the components of a modal that was sent with these answers."""
    return [
        {
            "type": LABEL,
            "id": 2 * place + 1,
            "component": {"id": 2 * place + 2, **_filled(label["component"], answers, native)},
        }
        for place, label in enumerate(modal["components"])
    ]


def _filled(field: Json, answers: Answers, native: Callable[[str], str]) -> Json:
    answer = answers[field["custom_id"]]
    told: Json = {"type": field["type"], "custom_id": field["custom_id"]}
    match field["type"]:
        case 5:
            return {**told, "values": [native(one) for one in answer]}
        case 21:
            return {**told, "value": answer[0] if answer else None}
        case 22:
            return {**told, "values": list(answer)}
        case _:
            return {**told, "value": answer}


def press_id(components: Sequence[Json], label: str) -> str:
    """Find the button with a label that carries no action of the language, but something of the adapter's own."""
    for row in components:
        for button in row.get("components", []):
            own = action_of(button.get("custom_id", "")).ritual == "another"
            if button["type"] == BUTTON and button.get("label") == label and own:
                return str(button["custom_id"])
    return ""


def read_problems(components: Sequence[Json], form: Form, eyes: Eyes) -> Problems:
    """Read the sentences that say why a form was not taken: a line each, after a line that says that it was not."""
    lines: list[str] = []
    for component in components:
        if component["type"] != TEXT_DISPLAY:
            break
        part = read_message([component], "", eyes)
        if part is not None and isinstance(part.parts[0], Quote):
            break
        lines += component["content"].split("\n")
    fields = {field.label.strip(): field.name for field in form.fields}
    sentences: dict[str, str] = {}
    for line in lines[1:]:
        name, sentence = _read_problem(line, fields, eyes)
        sentences[name] = f"{sentences[name]}\n{sentence}" if name in sentences else sentence
    return Problems(sentences or {"": "\n".join(lines)})


def _read_problem(line: str, fields: Mapping[str, str], eyes: Eyes) -> tuple[str, str]:
    pieces = read_pieces(line, eyes)
    words = "".join(str(getattr(piece, "words", getattr(piece, "label", ""))) for piece in pieces)
    first = pieces[0] if pieces else None
    if isinstance(first, Span) and first.style == "bold" and first.words.endswith(":"):
        name = fields.get(first.words[:-1].strip())
        if name is not None:
            return name, words.removeprefix(first.words).strip()
    return "", words.strip()
