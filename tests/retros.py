"""What people do in a retro, in the words of the scenes."""

from __future__ import annotations

from adapters.playground.scene import Post
from bot.chat import Menu, Person
from tests.town import RIVER, Town

WORKED, DIDNT, TRY = "0", "1", "2"


def board(town: Town) -> Post:
    """The newest retro in the channel."""
    return town.post("Retro, ")


async def seat_seven(town: Town) -> None:
    """Start a movement of seven people: enough to stay unknown among them."""
    await town.start_movement()
    await town.room.join("eli", RIVER)
    await town.bring(Person("fay", "Fay", "Europe/Berlin"), Person("gus", "Gus", "Europe/Berlin"))


async def start(town: Town, who: str = "ana", **answers: str | tuple[str, ...]) -> Post:
    """Start a retro; a movement, too, where there is none."""
    if not town.channel():
        await town.start_movement()
    await town.command(who, "/retro now")
    await town.fill(who, **answers)
    return board(town)


async def write(town: Town, who: str, words: str, column: str = WORKED) -> str:
    """Put a note in."""
    label = "Add a note" if "[Add a note]" in board(town).text else "Add a late note"
    await town.press(who, label, on=board(town))
    return await town.fill(who, note=words, column=(column,))


async def lead(town: Town, label: str, who: str = "ana") -> str:
    """Press one of the facilitator's buttons."""
    await town.press(who, "Facilitate", on=board(town))
    return await town.press(who, label)


def options(town: Town, who: str, label: str) -> dict[str, str]:
    """What a menu offers somebody, as it was last shown to them: label to value."""
    for post in reversed(town.room.whispers(who)):
        for part in post.view.parts if post.view is not None else ():
            if isinstance(part, Menu) and part.label == label:
                return {option.label: option.value for option in part.options}
    return {}


async def pick(town: Town, who: str, label: str, option: str) -> str:
    """Pick an option of the newest menu with this label."""
    return await town.press(who, label, choice=options(town, who, label)[option])


async def vote(town: Town, who: str, *topics: str) -> str:
    """Give votes, one after the other."""
    said = await town.press(who, "Vote", on=board(town))
    for topic in topics:
        said = await pick(town, who, "Give a vote to …", topic)
    return said


async def up_to_the_votes(town: Town) -> Post:
    """Have three notes on three topics, and open the vote."""
    await start(town)
    await write(town, "chi", "The soup was good", WORKED)
    await write(town, "ben", "Nobody had the key", DIDNT)
    await write(town, "dee", "Start at ten", TRY)
    await lead(town, "Show the notes")
    await lead(town, "On to the votes")
    return board(town)


async def up_to_the_talk(town: Town) -> Post:
    """Have voted: the key has three votes, the soup one, starting at ten none."""
    await up_to_the_votes(town)
    await vote(town, "chi", "Nobody had the key", "Nobody had the key")
    await vote(town, "ben", "Nobody had the key", "The soup was good")
    await lead(town, "On to the talk")
    return board(town)


def notifications(town: Town) -> int:
    """How often the channel was notified: by every post in it and in its threads, never by an edit."""
    roots = town.room.channel_messages(RIVER)
    return len(roots) + sum(len(town.room.thread(root.id)) for root in roots)
