"""Forms that people have open: what they typed is never lost, though Discord lets no form answer a form.

A form that was sent with a problem is answered by a whisper: what is wrong, what was typed, and a button that opens
the form again as it was. The form is remembered for a while in memory; after a restart the words still stand in the
whisper.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.discord.recent import Recent
from adapters.discord.render import Payload, render_form
from bot.chat import (
    MESSAGE_LIMIT,
    TEXT_LIMIT,
    Action,
    Button,
    Buttons,
    Form,
    Part,
    Problems,
    Quote,
    Text,
    ViewError,
    Whisper,
    bold,
    shorten,
    weight,
)
from bot.plain import tidy

Answers = Mapping[str, str | tuple[str, ...]]

KEPT_SECONDS = 30 * 60
KEPT = 5000
NOT_SENT = "That is not sent yet. Nothing is lost: this is what has to change, and what you wrote."
NOT_SENT_AND_FORGOTTEN = (
    "That is not sent yet. I was restarted in the meantime, so please open the form again from where you opened it "
    "first; what you wrote stands here, so that you can copy it."
)
FORGOTTEN = Whisper(
    "I was restarted, or it was too long ago, so I don't have that form any more. What you wrote stands above: please "
    "open the form again from where you opened it first, and copy your words into it."
)
READY = "The form is ready."


_OPENING = "open/"


@dataclass(frozen=True, slots=True)
class Opening(Action):
    """What a button is for that opens a remembered form; written so that no ritual's action can look like it."""

    def encode(self) -> str:
        return _OPENING + self.about

    @classmethod
    def of(cls, key: str) -> Opening:
        return cls("open", "form", key)


def read_opening(written: str) -> str | None:
    """Give the key of the form that a button opens; nothing if it is another button."""
    return written.removeprefix(_OPENING) if written.startswith(_OPENING) else None


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as somebody left it."""

    form: Form
    typed: Answers


class Drafts:
    """The forms that people have open, or may open again."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most: int = KEPT) -> None:
        self._clock = clock
        self._kept: Recent[str, tuple[float, Draft]] = Recent(most)

    def keep_open(self, person: str, form: Form) -> None:
        """Remember which form somebody has before them."""
        self._keep(f"{person} {form.action.encode()}", Draft(form, {}))

    def find_open(self, person: str, action: Action) -> Form | None:
        """Give the form that somebody just sent."""
        draft = self._find(f"{person} {action.encode()}")
        return draft.form if draft else None

    def keep(self, person: str, draft: Draft) -> Opening:
        """Remember a draft; gives what opens it."""
        key = secrets.token_hex(8)
        self._keep(f"{person} {key}", draft)
        return Opening.of(key)

    def find(self, person: str, key: str) -> Draft | None:
        """Give the draft that a button opens: to nobody but whose it is."""
        return self._find(f"{person} {key}")

    def _keep(self, key: str, draft: Draft) -> None:
        self._kept.keep(key, (self._clock() + KEPT_SECONDS, draft))

    def _find(self, key: str) -> Draft | None:
        until, draft = self._kept.get(key) or (0.0, None)
        return draft if until > self._clock() else None


def render_draft(draft: Draft) -> Payload:
    """Give the data of a modal that starts with what was typed."""
    modal = render_form(draft.form)
    for label in modal["components"]:
        field = label["component"]
        if field["custom_id"] in draft.typed:
            _fill(field, draft.typed[field["custom_id"]])
    return modal


def _fill(field: Payload, typed: str | tuple[str, ...]) -> None:
    if "options" in field:
        for option in field["options"]:
            option["default"] = option["value"] in typed
    elif isinstance(typed, tuple):
        field["default_values"] = [{"id": person, "type": "user"} for person in typed]
    elif typed.strip():
        field["value"] = typed
    else:
        field.pop("value", None)


def whisper_problems(problems: Problems, draft: Draft | None, typed: Answers, reopen: Opening | None) -> list[Whisper]:
    """Say what is wrong with a form that was sent; what does not fit into one whisper goes into the next."""
    labels = {field.name: field.label for field in draft.form.fields} if draft else {}
    head: list[Part] = [Text(NOT_SENT if reopen else NOT_SENT_AND_FORGOTTEN)]
    for field, sentence in problems.sentences:
        label = labels.get(field) or field.replace("-", " ").capitalize()
        head.append(Text(bold(f"{label}:"), f" {sentence}") if label else Text(sentence))
    tail: list[Part] = [Buttons(Button("Try again", reopen, "primary"))] if reopen else []
    words = [(name, answer) for name, answer in typed.items() if isinstance(answer, str)]
    quotes = [quote for name, written in words for quote in _quotes(written, labels.get(name, ""))]
    whispers = [_fit(head, quotes, tail)]
    while quotes:
        whispers.append(_fit([], quotes, []))
    return whispers


def whisper_opening(action: Opening) -> Whisper:
    """Offer a form where Discord lets us open none: too late, or as the answer to another form."""
    return Whisper(READY, Buttons(Button("Continue", action, "primary")))


def _fit(head: list[Part], quotes: list[Quote], tail: list[Part]) -> Whisper:
    """Take as many quotes as there is room for between the head and the tail."""
    taken: list[Part] = []
    room = MESSAGE_LIMIT - sum(part.weight for part in [*head, *tail])
    while quotes and quotes[0].weight <= room:
        room -= quotes[0].weight
        taken.append(quotes.pop(0))
    return Whisper(*head, *taken, *tail)


def _quotes(words: str, by: str) -> list[Quote]:
    """Quote somebody's words, in as many pieces as they need."""
    quotes = []
    rest = tidy(words)
    while rest:
        piece = _first_piece(rest, most=TEXT_LIMIT - weight(by) - 4)
        try:
            quotes.append(Quote(piece, by))
        except ViewError:
            break  # nothing of it can be shown
        rest = rest[len(piece) :].lstrip()
    return quotes


def _first_piece(words: str, *, most: int) -> str:
    """Take as many words as fit, and break one only where it is longer than half of that."""
    if weight(words) <= most:
        return words
    piece = shorten(words, limit=most).removesuffix("…")
    whole = max(piece.rfind(" "), piece.rfind("\n"))
    return piece[:whole].rstrip() if whole > len(piece) // 2 else piece
