"""Setting the scene: people and places, and what nobody in particular does to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from adapters.playground.refusals import refuse
from adapters.playground.scene import BOT
from bot.chat import Person
from tests.adapters.slack_platform.looking import Looking
from tests.adapters.slack_platform.world import Conversation, Kind, User

HOME = "movement"


class Setting(Looking):
    """People in the workspace 'movement', where the app is installed, and channels in it and in others."""

    def __init__(self, *, now: Callable[[], datetime], strict: bool = True, limit_posts: bool = False) -> None:
        super().__init__(now=now, strict=strict, limit_posts=limit_posts)
        self.platform.found(HOME).installed = True
        # What happened without anybody's act is told in the background; the next act waits for that.
        self._told: set[asyncio.Task[bool]] = set()
        self._all_told = asyncio.Event()
        self._all_told.set()

    # ------------------------------------------------------------------------------------------- people and places

    def add_person(self, person: Person) -> None:
        """Add somebody to the workspace, or change what is known of them; either is told."""
        refuse(person.id == BOT, f"The id {BOT!r} is Drumbeat's own.")
        native = self.world.names.person(person.id)
        known = self.world.users.get(native)
        if known is None:
            self.world.users[native] = User(native, person)
            self.platform.found(HOME).people[native] = None
            self._note(self.platform.events.user(self.world.users[native], "team_join"))
        elif known.person != person:
            known.person = person
            self._note(self.platform.events.user(known, "user_change"))

    def deactivate(self, person: str) -> None:
        """Let somebody's account end; they stay in lists of people, as deleted."""
        user = self._user(person)
        user.deleted = True
        self._note(self.platform.events.user(user, "user_change"))

    def add_channel(
        self,
        channel: str,
        name: str,
        workspace: str = HOME,
        *,
        creator: str,
        private: bool = False,
        bot: bool = True,
    ) -> None:
        """Add a channel with its creator in it, and the app if somebody invited it (``bot``)."""
        if self.world.names.known("C", channel) in self.world.conversations:
            return
        maker = self._user(creator).id
        there = self.platform.found(workspace)
        native = self.world.names.channel(channel)
        kind: Kind = "group" if private else "channel"
        made = Conversation(native, there.id, name, kind, maker, self.world.seconds())
        self.world.conversations[native] = made
        self.seat(channel, creator)
        if bot:
            made.members[there.bot_user] = None

    def seat(self, channel: str, *people: str) -> None:
        """Put people into a channel without telling anybody: they were there before Drumbeat came."""
        there = self._conversation(channel)
        for person in people:
            native = self._user(person).id
            there.members[native] = None
            self.world.workspaces[there.team].people[native] = None

    def close_inbox(self, person: str) -> None:
        """Let somebody refuse private messages from now on."""
        self._user(person).open_inbox = False

    def delete(self, message_id: str) -> None:
        """Take a post away, as a moderator would."""
        line = self.world.line(message_id)
        refuse(line is None, "There is no such message.")
        if line is not None:
            self._note([self.platform.erase(line)])

    def invite_bot(self, channel: str) -> None:
        there = self._conversation(channel)
        self._note(self.platform.come(there, self.world.workspaces[there.team].bot_user))

    def remove_bot(self, channel: str) -> None:
        """Kick the app out of a channel."""
        there = self._conversation(channel)
        self._note(self.platform.go(there, self.world.workspaces[there.team].bot_user))

    def archive(self, channel: str, *, by: str = "") -> None:
        there = self._conversation(channel)
        there.archived = True
        self._note([self.platform.events.channel(there, "archive", self.native(by) if by else there.creator)])

    def unarchive(self, channel: str) -> None:
        there = self._conversation(channel)
        there.archived = False
        self._note([self.platform.events.channel(there, "unarchive", there.creator)])

    def delete_channel(self, channel: str) -> None:
        """Delete a channel with all that stands in it."""
        there = self._conversation(channel)
        self._note([self.platform.events.channel(there, "deleted", there.creator)])
        del self.world.conversations[there.id]

    # ------------------------------------------------------------------------------------------- the app

    def install(self, workspace: str) -> str:
        """Install the app in a workspace, without any page; give the token."""
        there = self.platform.found(workspace)
        there.installed = True
        return there.bot_token

    def uninstall(self, workspace: str = HOME) -> None:
        """Remove the app: it is told twice, and its token is worth nothing at once."""
        there = self.platform.found(workspace)
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [there.bot_user]}}
        told = [self.platform.events.tell(there, event) for event in (revoked, {"type": "app_uninstalled"})]
        self._note(told)
        there.installed = False

    def token_of(self, workspace: str) -> str:
        return self.platform.found(workspace).bot_token

    def set_scopes(self, scopes: Iterable[str], workspace: str = HOME) -> None:
        """Say which scopes the installation was granted."""
        self.platform.found(workspace).scopes = set(scopes)

    # ------------------------------------------------------------------------------------------- within

    def _user(self, person: str) -> User:
        return self.world.users[self.world.names.person(self.person(person).id)]

    def _note(self, tasks: Iterable[asyncio.Task[bool] | None]) -> None:
        for task in tasks:
            if task is not None:
                self._told.add(task)
                self._all_told.clear()
                task.add_done_callback(self._forget)
        self.platform.changed()

    def _forget(self, task: asyncio.Task[bool]) -> None:
        self._told.discard(task)
        if not self._told:
            self._all_told.set()

    async def _settled(self) -> None:
        """Let what happened without anybody's act be acknowledged, but do not wait for ever."""
        if self._told:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._all_told.wait(), self.platform.dispatch.ack_seconds)
