"""Words as they are: tidying what people type, and reading a view aloud as plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from bot.chat import (
    Attachment,
    Buttons,
    Facts,
    Form,
    Link,
    Mention,
    Menu,
    Message,
    Moment,
    Part,
    Picture,
    Problems,
    Quote,
    Text,
)

# Bidirectional embeddings, overrides and isolates can make a following sentence read backwards; the rest is invisible
# filling. ZERO WIDTH (NON-)JOINER stay: Persian, Hindi and emoji families are written with them.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|[\ud800-\udfff]")
# What nobody can see, in words or around them.
_BLANK = re.compile(r"[\s\u200c-\u200f]")


def tidy(words: str) -> str:
    """Give somebody's words as faithful plain text: composed, without control or hidden characters.

    Words made only of joiners, direction marks and blanks come out empty.
    """
    kept = words.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = _CONTROL.sub("", _HIDDEN.sub("", kept))
    kept = unicodedata.normalize("NFC", kept)
    kept = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in kept.split("\n")))
    return kept.strip() if _BLANK.sub("", kept) else ""


def tidy_line(words: str) -> str:
    """The same for a name or a title: one line, single spaces."""
    return " ".join(tidy(words).split())


def read_aloud(view: Message | Form | Problems, *, missing: Collection[str] = ()) -> str:
    """Say what a view shows, a line a part; buttons in square brackets, a menu's options in braces.

    ``missing`` names the files that a chat did not take.
    """
    if isinstance(view, Message):
        return "\n".join(
            say_missing(part) if isinstance(part, Attachment) and part.name in missing else _part(part)
            for part in view.parts
        )
    if isinstance(view, Problems):
        return "\n".join(f"{field}: {sentence}" if field else sentence for field, sentence in view.sentences)
    return "\n".join([view.title, *(field.label for field in view.fields), f"[{view.submit}]"])


def say_missing(file: Attachment) -> str:
    """Say, where a chat did not take a file, that it is missing."""
    return f"The file {file.name} could not be brought here."


def _part(part: Part) -> str:
    match part:
        case Text(spans=spans):
            return "".join(_piece(span) for span in spans)
        case Quote(words=words, by=by):
            return "\n".join([*([by] if by else []), *(f"> {line}" for line in words.split("\n"))])
        case Facts(pairs=pairs):
            return "\n".join(f"{name}: {value}" for name, value in pairs)
        case Picture(alt=alt):
            return f"({alt})"
        case Attachment(name=name):
            return f"{name} (file)"
        case Buttons(row=row):
            return " ".join(f"[{button.label}]" for button in row)
        case Menu(label=label, options=options):
            return f"{label} {{{', '.join(option.label for option in options)}}}"


def _piece(piece: object) -> str:
    match piece:
        case Link(label=label):
            return label
        case Mention(name=name):
            return f"@{name}"
        case Moment(words=words):
            return words
        case _:
            return str(getattr(piece, "words", ""))
