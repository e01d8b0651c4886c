"""What people do around a gathering, in the words of the scenes."""

from __future__ import annotations

from adapters.playground.scene import Post
from bot.tables import Gathering
from tests.town import RIVER, Town

TOWN_HALL = "town hall tomorrow 18:00 90m"


async def announce(town: Town, who: str = "ana", line: str = TOWN_HALL) -> Post:
    """Announce a gathering; a movement, too, where there is none. Gives its card."""
    if not town.channel():
        await town.start_movement()
    before = {row["id"] for row in town.rows(Gathering)}
    await town.command(who, f"/gather {line}")
    made = [row for row in town.rows(Gathering) if row["id"] not in before]
    return card(town, str(made[0]["title"]))


def card(town: Town, title: str = "town hall") -> Post:
    """The newest card of a gathering of this title."""
    return next(post for post in reversed(town.room.channel_messages(RIVER)) if _is_card(post.text, title))


def _is_card(text: str, title: str) -> bool:
    first, _, rest = text.partition("\n")
    return first.startswith(title) and ("On your own clock: " in rest or "Cancelled: " in rest)


async def more(town: Town, who: str, title: str = "town hall") -> str:
    """Press More on the newest card of a gathering."""
    return await town.press(who, "More", on=card(town, title))


def letters(town: Town, who: str) -> list[str]:
    """Somebody's private messages, but for the check-in's and for what follows a gathering."""
    found = [text for text in town.inbox(who) if not text.startswith("The check-in of")]
    return [text for text in found if text not in followed_up(town, who)]


def followed_up(town: Town, who: str) -> list[str]:
    """What somebody was asked in private after a gathering."""
    said = (": thank you for coming to ", ": you had said yes to ")
    return [text for text in town.inbox(who) if any(words in text.splitlines()[0] for words in said)]
