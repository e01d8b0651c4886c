"""The page that Slack keeps for each person under the app's name: what they owe, their next step, what is on.

https://docs.slack.dev/surfaces/app-home
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from adapters.slack.calls import Calls
from adapters.slack.listen import PLATFORM
from adapters.slack.render import render_message
from adapters.slack.workspaces import Install
from bot.chat import Answer, Event, Looked, Message, Person, Place, Whisper


class Home:
    """Shows people their page, and shows it anew after they did something on it."""

    def __init__(
        self, calls: Calls, *, hear: Callable[[Event], Awaitable[Answer]], now: Callable[[], datetime]
    ) -> None:
        self._calls = calls
        self._hear = hear
        self._now = now

    async def look(self, install: Install, who: Person) -> None:
        """Act as if the person had opened the page just now."""
        place = Place(PLATFORM, install.workspace, person=who.id)
        await self.show(install, Looked(id=f"slack/look/{uuid4().hex}", who=who, place=place, at=self._now()))

    async def show(self, install: Install, looked: Looked) -> None:
        """Ask what the page shows, and put it there."""
        answer = await self._hear(looked)
        if isinstance(answer, Whisper):
            published = {"user_id": looked.who.id, "view": home_view(answer.message)}
            await self._calls.call("views.publish", published, token=install.token, patience=10)


def home_view(message: Message) -> dict[str, Any]:
    """Give the page as Slack takes it."""
    return {"type": "home", "blocks": render_message(message)["blocks"]}
