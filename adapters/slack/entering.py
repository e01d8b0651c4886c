"""Where Drumbeat comes in of its own accord: to say its first thing in a channel, and never after it was sent away."""

from __future__ import annotations

from collections import OrderedDict

from adapters.slack.calls import Calls
from adapters.slack.refusals import SlackError
from adapters.slack.workspaces import Install

CHANNELS_KEPT = 50_000

Channel = tuple[str, str]


class Entering:
    """Remembers where Drumbeat wrote and where somebody sent it away."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._posted: OrderedDict[Channel, None] = OrderedDict()
        self._sent_away: OrderedDict[Channel, None] = OrderedDict()

    async def come_in(self, install: Install, channel: str) -> bool:
        """Come into a public channel; into a private one somebody must invite us."""
        if (install.workspace, channel) in self._posted or (install.workspace, channel) in self._sent_away:
            # We were in there, so somebody sent us away: a decision that is respected.
            return False
        try:
            await self._calls.call("conversations.join", {"channel": channel}, token=install.token)
        except SlackError:
            return False
        return True

    def note_posted(self, workspace: str, channel: str) -> None:
        _note(self._posted, (workspace, channel))

    def note_sent_away(self, workspace: str, channel: str) -> None:
        _note(self._sent_away, (workspace, channel))

    def note_invited(self, workspace: str, channel: str) -> None:
        self._sent_away.pop((workspace, channel), None)

    def forget(self, workspace: str) -> None:
        """Forget every channel of a workspace."""
        for memory in (self._posted, self._sent_away):
            for key in [key for key in memory if key[0] == workspace]:
                del memory[key]


def _note(memory: OrderedDict[Channel, None], channel: Channel) -> None:
    memory[channel] = None
    memory.move_to_end(channel)
    while len(memory) > CHANNELS_KEPT:
        memory.popitem(last=False)
