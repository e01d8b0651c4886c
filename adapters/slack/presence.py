"""Who came into a huddle, who left it, and who had been there: Slack's events about huddles, as ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from adapters.slack.huddles import Huddles, Move, is_about_huddle, read_end
from adapters.slack.listen import PLATFORM, moment_of
from adapters.slack.lookout import Lookout
from adapters.slack.people import People
from adapters.slack.workspaces import Install
from bot.chat import Event, Place, Present, WasPresent

Json = dict[str, Any]


class Presence:
    """Reads what Slack tells of huddles."""

    def __init__(self, people: People, huddles: Huddles, lookout: Lookout, *, now: Callable[[], datetime]) -> None:
        self._people = people
        self._huddles = huddles
        self._lookout = lookout
        self._now = now

    async def read(self, install: Install, body: Json) -> list[Event] | None:
        """Read who came and who went; None when the event is about something else."""
        moves = self._moves(install, body["event"])
        if moves is None:
            return None
        there: list[Event] = [await self._present(install, body, move) for move in moves]
        return there + await self._were_present(install, body)

    def _moves(self, install: Install, event: Json) -> list[Move] | None:
        if event.get("type") == "user_huddle_changed":
            described: Json = event.get("user") or {}
            if described.get("id"):
                self._people.learn(install.workspace, described)
            moves = self._huddles.changed(install.workspace, described)
        elif is_about_huddle(event):
            moves = self._huddles.told(install.workspace, event)
        else:
            if event.get("type") == "user_change":
                self._huddles.prolong(install.workspace, event.get("user") or {})
            return None
        return moves + self._huddles.expire(install.workspace, now=self._now().timestamp())

    async def _present(self, install: Install, body: Json, move: Move) -> Present:
        way = "in" if move.here else "out"
        return Present(
            id=f"slack/{install.workspace}/{body.get('event_id')}/{move.person}/{way}",
            who=await self._people.who(install, move.person),
            place=Place(PLATFORM, install.workspace, move.channel),
            at=moment_of(move.at, otherwise=self._now()) if move.at else self._moment(body),
            room=move.room,
            here=move.here,
        )

    async def _were_present(self, install: Install, body: Json) -> list[Event]:
        """Tell who was in a huddle that is over, as its message says once it is: we may have missed somebody."""
        end = read_end(body["event"])
        if end is None:
            return []
        people = await self._lookout.read_again(install, end) or end.people
        ended = moment_of(end.ended, otherwise=self._now()) if end.ended else self._moment(body)
        return [
            WasPresent(
                id=f"slack/{install.workspace}/{body.get('event_id')}/{person}/was",
                who=self._people.as_far_as_known(install.workspace, person),
                place=Place(PLATFORM, install.workspace, end.channel),
                at=ended,
                room=end.room,
                began=moment_of(end.began, otherwise=ended) if end.began else ended,
            )
            for person in people
        ]

    def _moment(self, body: Json) -> datetime:
        return moment_of(body["event"].get("event_ts") or body.get("event_time"), otherwise=self._now())
