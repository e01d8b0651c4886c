"""What the sample's people do beside their check-ins: they tell wins, promise things, and look back together once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from adapters.playground.room import Room
from adapters.playground.scene import Post
from bot.chat import Button, Buttons, Form, Menu

# Lets a few minutes pass, so that the channel shows what was done.
Rest = Callable[[], Awaitable[None]]

RETRO_WEEK: Final = 9
WINS: Final[dict[int, tuple[str, str, str, tuple[str, ...], str]]] = {
    3: ("ben", "The harbour office wants to see us: the first answer in two years.", "outcome", ("ben", "chi"), ""),
    6: ("gus", "Thirty pairs of gloves, washed, dried and sorted in one evening.", "effort", ("fay",), "30 pairs"),
    8: ("ana", "The anglers' club lends us its trailer for every walk.", "outcome", ("chi",), "1 trailer"),
    11: ("kim", "The path by the lock has stayed clean for a whole month.", "outcome", (), "4 weeks"),
    12: ("ida", "Carried the big bags up the bank in the rain.", "effort", ("ben", "gus"), ""),
}
PROMISES: Final[dict[int, tuple[str, str, bool]]] = {
    2: ("chi", "Call the harbour office", True),
    4: ("ben", "Ask the school for a room", True),
    7: ("fay", "Put the photos on the wall in the library", True),
    10: ("ida", "Ask the anglers when they are there", False),
    12: ("kim", "Write down where the tools are", False),
}
_NOTES: Final = (
    ("chi", "0", "The Saturday walk at ten works: more people come than in the evening."),
    ("fay", "0", "Saturday walks at ten work well."),
    ("ben", "0", "People who come once come again."),
    ("gus", "1", "Nobody had the key to the shed."),
    ("kim", "1", "The key to the shed was missing again."),
    ("ida", "1", "The flyer came a week too late."),
    ("ana", "1", "I did all the phone calls myself."),
    ("lea", "2", "Ask newcomers to bring one friend."),
    ("chi", "2", "A second key, with the kiosk by the lock."),
)
# What each one votes for, by a word of the topic's name.
_VOTES: Final = {
    "ana": ("phone", "phone", "shed"),
    "ben": ("shed", "phone", "friend"),
    "chi": ("shed", "shed", "friend"),
    "fay": ("shed", "flyer", "phone"),
    "gus": ("shed", "shed", "walks"),
    "kim": ("shed", "friend", "phone"),
}


async def tell_wins(room: Room, home: str, week: int, *, rest: Rest) -> None:
    """Somebody tells a win in some of the weeks, and others celebrate it."""
    if week not in WINS:
        return
    who, what, kind, makers, evidence = WINS[week]
    await room.command(who, home, "/win")
    await fill(room, who, {"what": what, "kind": (kind,), "makers": makers, "evidence": evidence})
    await rest()
    for post in reversed(room.channel_messages(home)):
        if what in post.text:
            for fan in ("ana", "chi", "max"):
                await room.react(fan, post.id, "🎉")
            return


async def make_promises(room: Room, home: str, week: int) -> None:
    """Somebody promises something in some of the weeks."""
    if week in PROMISES:
        who, what, _ = PROMISES[week]
        await room.command(who, home, f"/promise {what} by friday")


async def keep_promises(room: Room, home: str, week: int) -> None:
    """Most of what was promised is done."""
    if week in PROMISES and PROMISES[week][2]:
        who = PROMISES[week][0]
        await room.command(who, home, "/promise list")
        await tap(room, who, "Done")


async def open_retro(room: Room, home: str, *, rest: Rest) -> None:
    """Ben starts a retro, and people write notes."""
    await room.command("ben", home, "/retro now")
    opened = room.form("ben")
    await fill(room, "ben", standing(opened.form) if opened is not None else {})
    await rest()
    for who, column, words in _NOTES:
        await tap(room, who, "Add a note", on=_retro(room, home))
        await fill(room, who, {"note": words, "column": (column,)})


async def hold_retro(room: Room, home: str, *, rest: Rest) -> None:
    """The notes are shown, voted on and talked about; two topics end in a promise, one in nothing to do."""
    for label in ("Show the notes", "On to the votes"):
        await _lead(room, home, label)
        await rest()
    for who, wanted in _VOTES.items():
        await tap(room, who, "Vote", on=_retro(room, home))
        for word in wanted:
            await _pick(room, who, "Give a vote to …", word)
    await _lead(room, home, "On to the talk")
    await rest()
    board = _retro(room, home)
    topics = room.thread(board.id) if board is not None else []
    outcomes = (("gus", "Leave a second key with the kiosk"), ("ana", "Hand half of the phone calls to Ben"))
    for (who, what), topic in zip(outcomes, topics, strict=False):
        await tap(room, who, "Make a promise", on=topic)
        opened = room.form(who)
        written = standing(opened.form) if opened is not None else {}
        await fill(room, who, {**written, "what": what})
    for topic in topics[len(outcomes) :]:
        await tap(room, "ben", "No action", on=topic)
    await rest()
    await _lead(room, home, "Close the retro")


async def _lead(room: Room, home: str, label: str) -> None:
    await tap(room, "ben", "Facilitate", on=_retro(room, home))
    await tap(room, "ben", label)


def _retro(room: Room, home: str) -> Post | None:
    return find_post(room, home, "Retro, ")


def find_post(room: Room, home: str, beginning: str) -> Post | None:
    """Find the newest post of a channel that begins so."""
    return next((post for post in reversed(room.channel_messages(home)) if post.text.startswith(beginning)), None)


async def tap(room: Room, who: str, label: str, *, on: Post | None = None) -> bool:
    """Tap a button of a post, or of the newest whisper that has it; tells whether there is one."""
    for post in [on] if on is not None else reversed(room.whispers(who)):
        for part in _parts(post):
            if isinstance(part, Button) and part.label == label:
                await room.press(who, post.id, part.action)
                return True
    return False


async def _pick(room: Room, who: str, label: str, word: str) -> None:
    for post in reversed(room.whispers(who)):
        for part in _parts(post):
            if isinstance(part, Menu) and part.label == label:
                for option in part.options:
                    if word in option.label:
                        await room.press(who, post.id, part.action, option.value)
                        return


async def fill(room: Room, who: str, written: dict[str, str | tuple[str, ...]]) -> None:
    """Send the form that somebody has open, if there is one."""
    opened = room.form(who)
    if opened is not None:
        await room.fill(who, opened.id, written)


def standing(form: Form) -> dict[str, str | tuple[str, ...]]:
    """Give a form's answers as they stand in it."""
    return {field.name: field.value for field in form.fields}


def _parts(post: Post) -> Iterator[Button | Menu]:
    for part in post.view.parts if post.view is not None else ():
        if isinstance(part, Buttons):
            yield from (one for one in part.row if isinstance(one, Button))
        elif isinstance(part, Menu):
            yield part
