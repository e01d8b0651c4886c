"""Whose affair an event is: which ritual's function it asks for, or what was probably meant."""

from __future__ import annotations

import base64
import difflib
import importlib
import pkgutil
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import (
    MENU_LIMIT,
    Action,
    Commanded,
    Event,
    Menu,
    Option,
    Pressed,
    Said,
    Submitted,
    Text,
    Whisper,
    code,
    shorten,
)
from bot.plain import tidy_line
from bot.ritual import Handler, Ritual, Rituals
from bot.tables import Movement, Post

HOME_COMMAND = "drumbeat"
WHICH = "which"
# The longest command line, in bytes, that is carried along while the person picks a movement.
CARRIED = 42
SHOWN_OF_TYPED = 40
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
GONE = "This is not there any more. Please use the newest message."


class RefusedError(Exception):
    """Somebody may not do this, or it is not there any more; the sentence says so to them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an event asks for: whose handler, and what it is to be told."""

    ritual: Ritual
    handler: Handler
    about: str = ""
    words: str = ""
    choice: str = ""


def find_rituals() -> Rituals:
    """Find every ritual there is: each module of the package ``rituals`` that has a ``ritual``."""
    package = importlib.import_module("rituals")
    found = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        ritual = getattr(importlib.import_module(f"rituals.{module.name}"), "ritual", None)
        if isinstance(ritual, Ritual):
            found[ritual.name] = ritual
    return Rituals(found)


def find_handler(rituals: Rituals, event: Event) -> Asked | None:
    """Find who answers a command, a press or a form; none for an unknown command and for everything else."""
    match event:
        case Commanded():
            return _find_command(rituals, event)
        case Pressed(action=action) | Submitted(action=action):
            ritual = rituals.by_name.get(action.ritual)
            if ritual is None:
                raise RefusedError(GONE)
            handlers = ritual.presses if isinstance(event, Pressed) else ritual.submits
            if action.verb not in handlers:
                raise RefusedError(GONE)
            choice = event.choice if isinstance(event, Pressed) else ""
            return Asked(ritual, handlers[action.verb], about=action.about, choice=choice)
        case _:
            return None


def _find_command(rituals: Rituals, event: Commanded) -> Asked | None:
    """Find a command, also where it is typed behind /drumbeat."""
    name, words = event.name, event.words.strip()
    if name == HOME_COMMAND and words:
        first, _, rest = words.partition(" ")
        home = rituals.commands.get(HOME_COMMAND)
        if home is not None and first.lower() in home[1].own:
            return Asked(home[0], home[1].handler, words=words)
        name, words = first.lower().lstrip("/"), rest
        name = HOME_COMMAND if name == "help" else name
    known = rituals.commands.get(name)
    return Asked(known[0], known[1].handler, words=words.strip()) if known else None


def find_reply(rituals: Rituals, event: Said, post: Post | None) -> Asked | None:
    """Find who hears words in the thread under one of our posts."""
    ritual = rituals.by_name.get(post.ritual) if post is not None else None
    if post is None or ritual is None or ritual.replied is None:
        return None
    return Asked(ritual, ritual.replied, about=post.about, words=event.words)


def find_reaction(rituals: Rituals, post: Post | None) -> Asked | None:
    """Find who hears a reaction to one of our posts."""
    ritual = rituals.by_name.get(post.ritual) if post is not None else None
    if post is None or ritual is None or ritual.reacted is None:
        return None
    return Asked(ritual, ritual.reacted, about=post.about)


def suggest(rituals: Rituals, event: Commanded) -> Whisper:
    """Answer a command that there is none of with the nearest one."""
    behind = event.words.split() if event.name == HOME_COMMAND else []
    name = tidy_line(behind[0] if behind else event.name).replace("`", "").lstrip("/")
    typed = code("/" + shorten(name, limit=SHOWN_OF_TYPED))
    near = difflib.get_close_matches(name.lower()[:SHOWN_OF_TYPED], sorted(rituals.commands), n=1, cutoff=0.5)
    if near:
        return Whisper(Text("I don't know ", typed, ". Did you mean ", code(f"/{near[0]}"), "?"))
    return Whisper(Text("I don't know ", typed, ". Type ", code(f"/{HOME_COMMAND}"), " to see what I can do."))


def ask_which(event: Commanded, theirs: Sequence[Movement]) -> Whisper:
    """Ask which movement a command is meant for."""
    return offer_movements(f"{event.name} {event.words}".strip(), theirs)


def offer_movements(line: str, theirs: Sequence[Movement]) -> Whisper:
    """Let somebody pick one of their movements; what is picked gets the command line."""
    options = tuple(Option(shorten(one.name, limit=70), str(one.id)) for one in theirs[:MENU_LIMIT])
    # Too long to be carried along, the words are left out: the command then asks for them itself.
    carried = line if len(line.encode()) <= CARRIED else line.split(maxsplit=1)[0]
    action = Action(WHICH, "movement", base64.urlsafe_b64encode(carried.encode()[:CARRIED]).decode())
    asked = (
        "Which movement do you mean?" if len(theirs) > 1 else "Your movement lives in another channel. Pick it here:"
    )
    return Whisper(Text(asked), Menu("Movement", action, options))


def unfold_pick(event: Event) -> tuple[Event, int]:
    """Turn the pick of a movement back into the command that it was for, with the movement's number."""
    if not isinstance(event, Pressed) or event.action.ritual != WHICH:
        return event, 0
    try:
        line = base64.urlsafe_b64decode(event.action.about).decode()
        picked = int(event.choice) if _NUMBER.fullmatch(event.choice) else 0
    except ValueError as error:
        raise RefusedError(GONE) from error
    if not picked:
        raise RefusedError(GONE)
    name, _, words = line.partition(" ")
    command = Commanded(id=event.id, who=event.who, place=event.place, at=event.at, name=name, words=words)
    return command, picked
