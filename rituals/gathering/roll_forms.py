"""The forms in which whoever ran a gathering says who came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.chat import CHOICE_LIMIT, LABEL_LIMIT, MENU_LIMIT, Action, Choice, Form, Option, People, Words

GUESTS_MOST = 300
HOSTS_MOST = 5
# So many people fit on one page of a long roll call.
PAGE = 50
NOT = "not"
LABEL_ROOM = 40


@dataclass(frozen=True, slots=True)
class Ticked:
    """Somebody who had said yes, and whether they are known to have come."""

    number: int
    name: str
    came: bool = False


@dataclass(frozen=True, slots=True)
class Others:
    """What is known beside those who had said yes; people by the ids that their chat knows them by."""

    came: tuple[str, ...] = ()
    guests: int = 0
    excused: tuple[str, ...] = ()
    ran: tuple[str, ...] = ()


def roll_form(yes: Sequence[Ticked], others: Others, action: Action) -> Form:
    """Ask who came, where all who said yes fit into one question."""
    return Form("Roll call", action, *_yes_fields(yes), *_other_fields(others, more=bool(yes)), submit="Write it down")


def page_form(yes: Sequence[Ticked], action: Action) -> Form:
    """Ask who came of one page of those who had said yes."""
    return Form("Roll call", action, *_yes_fields(yes), submit="Write it down")


def others_form(others: Others, action: Action) -> Form:
    """Ask who else came, where those who had said yes are on pages of their own."""
    return Form("Roll call", action, *_other_fields(others, more=True), submit="Write it down")


def _yes_fields(yes: Sequence[Ticked]) -> list[Choice]:
    if len(yes) == 1:
        (one,) = yes
        options = Option("Yes", str(one.number)), Option("No", NOT)
        value = (str(one.number),) if one.came else ()
        label = f"Did {_cut(one.name, LABEL_ROOM - 6)} come?"
        return [Choice(name="came-0", label=label, options=options, value=value, required=False)]
    # As even as can be, so that no question is left with a single name.
    count = -(-len(yes) // CHOICE_LIMIT)
    edges = [len(yes) * number // count for number in range(count + 1)] if yes else [0]
    return [_ticks(number, yes[start:end], several=count > 1) for number, (start, end) in enumerate(pairwise(edges))]


def _ticks(number: int, some: Sequence[Ticked], *, several: bool) -> Choice:
    label = "Who of those who had said yes came?"
    if several:
        label = f"{_cut(some[0].name, 19)} to {_cut(some[-1].name, 19)}"
    return Choice(
        name=f"came-{number}",
        label=label,
        options=tuple(Option(_cut(one.name, LABEL_LIMIT), str(one.number)) for one in some),
        value=tuple(str(one.number) for one in some if one.came),
        many=True,
        required=False,
    )


def _other_fields(others: Others, *, more: bool) -> list[People | Words]:
    return [
        _people("others", "Who else came?" if more else "Who came?", others.came),
        Words(
            name="guests",
            label="How many guests without an account?",
            hint="A number or first names; only the number is kept.",
            value=str(others.guests) if others.guests else "",
            most=GUESTS_MOST,
            required=False,
        ),
        _people("excused", "Who had told you that they can't come?", others.excused),
        _people("ran", "Who ran it?", others.ran, most=HOSTS_MOST),
    ]


def _people(name: str, label: str, value: Collection[str], *, most: int = MENU_LIMIT) -> People:
    return People(name=name, label=label, value=tuple(value)[:most], most=most, required=False)


def _cut(name: str, most: int) -> str:
    """Cut a name to what a label holds, which is counted in UTF-16."""
    while len(name.encode("utf-16-le")) // 2 > most:
        name = name[:-2].rstrip() + "…"
    return name
