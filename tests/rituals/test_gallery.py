"""The gallery shows everything that can be shown: no view is left out of it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

import rituals
from bot.chat import Form, Message, Whisper
from bot.plain import read_aloud
from bot.ritual import Ritual
from bot.routing import find_rituals
from bot.wire import from_json, to_json

VIEWS = ("messages", "forms", "views")
SHOWN = {"Message", "Form", "Whisper"}
FOUND = find_rituals().by_name


def view_modules() -> list[str]:
    found = pkgutil.walk_packages(rituals.__path__, "rituals.")
    return [module.name for module in found if module.name.rpartition(".")[2] in VIEWS]


def builders() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every function of a module of views that says it gives something to be shown."""
    for name in view_modules():
        for function_name, function in inspect.getmembers(importlib.import_module(name), inspect.isfunction):
            if function.__module__ == name and function.__annotations__.get("return") in SHOWN:
                yield f"{name}.{function_name}", function


def called_by_the_gallery() -> set[object]:
    """The code of every function that runs while all samples are built."""
    seen: set[object] = set()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        for ritual in FOUND.values():
            list(ritual.samples() if ritual.samples else ())
    finally:
        sys.setprofile(before)
    return seen


def test_every_view_is_in_the_gallery() -> None:
    seen = called_by_the_gallery()
    named = dict(builders())
    assert len(named) > 25
    assert [name for name, function in named.items() if function.__code__ not in seen] == []


@pytest.mark.parametrize("name", sorted(FOUND))
def test_every_ritual_has_samples_each_with_a_name_of_its_own(name: str) -> None:
    ritual: Ritual = FOUND[name]
    assert ritual.samples is not None
    titles = [title for title, _ in ritual.samples()]
    assert titles
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", sorted(FOUND))
def test_every_sample_can_be_read_aloud_and_carried(name: str) -> None:
    ritual: Ritual = FOUND[name]
    for title, view in ritual.samples() if ritual.samples else ():
        message = view.message if isinstance(view, Whisper) else view
        assert isinstance(message, Message | Form), title
        assert read_aloud(message).strip(), title
        if isinstance(message, Message):
            assert from_json(to_json(message)) == message, title


@pytest.mark.parametrize("name", sorted(FOUND))
def test_every_button_and_form_in_the_gallery_is_heard(name: str) -> None:
    ritual: Ritual = FOUND[name]
    for title, view in ritual.samples() if ritual.samples else ():
        if isinstance(view, Form):
            assert view.action.verb in ritual.submits, title
        elif isinstance(view, Message | Whisper):
            message = view.message if isinstance(view, Whisper) else view
            for action in message.actions:
                assert action.verb in FOUND[action.ritual].presses, title
