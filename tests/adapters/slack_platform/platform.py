"""The server: everything of this Slack put together, on an address of this machine alone."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

from aiohttp import web

from tests.adapters.slack_platform.callbacks import Callbacks
from tests.adapters.slack_platform.changes import Changes
from tests.adapters.slack_platform.dispatch import Dispatch
from tests.adapters.slack_platform.events import Events
from tests.adapters.slack_platform.faults import Faults, Pace, Sent
from tests.adapters.slack_platform.file_methods import Files
from tests.adapters.slack_platform.oauth_methods import CLIENT_ID, CLIENT_SECRET, Code, authorize
from tests.adapters.slack_platform.objects import message_object
from tests.adapters.slack_platform.refusing import Json
from tests.adapters.slack_platform.response_urls import ResponseUrls
from tests.adapters.slack_platform.sockets import Sockets
from tests.adapters.slack_platform.triggers import Trigger, Triggers
from tests.adapters.slack_platform.web import WebApi
from tests.adapters.slack_platform.world import Conversation, Ephemeral, Line, Shown, View, Workspace, World

# What the app asks for when it is installed, unless a test says otherwise.
SCOPES = frozenset(
    (
        *("commands", "chat:write", "users:read", "reactions:read", "files:write", "files:read", "app_mentions:read"),
        *("channels:read", "channels:history", "channels:join", "groups:read", "groups:history"),
        *("im:read", "im:history", "im:write"),
    )
)
SECRET = {"client_secret", "code"}


class SlackPlatform:
    """A Slack with one app. ``strict``: check what is shown and record every call; without, it is quicker."""

    def __init__(self, *, now: Callable[[], datetime], strict: bool = True, limit_posts: bool = False) -> None:
        self.strict = strict
        self.limit_posts = limit_posts
        self.limit_calls = False
        self.app_token = "xapp-1-ADRUMBEAT-made-up"
        self.signing_secret = "made-up-signing-secret"
        self.client_id, self.client_secret = CLIENT_ID, CLIENT_SECRET
        self.redirect_uri = ""
        self.installing = "movement"
        self.org_install = False
        self.page_limit = 0
        # What conversations.open says of somebody who takes no messages.
        self.closed_inbox = "user_disabled"
        # Slack's own people call a reply to a deleted message 'thread_not_found' (bolt-js issue 2307); others saw it
        # become a message of the channel without a word (slack-go issue 1571). The documents say nothing.
        self.lost_threads: Literal["refuse", "unthread"] = "refuse"
        # Something to wait for before a call is carried out, or after it and before it is answered.
        self.before_call: Callable[[str], Awaitable[None]] | None = None
        self.after_call: Callable[[str], Awaitable[None]] | None = None
        # The HTTP status with which every call is answered while the Web API is out of order.
        self.down = 0
        self.recorded: list[Json] = []
        self.sent: list[Sent] = []
        self.codes: dict[str, Code] = {}
        self.origin = ""
        self.running = False

        self.world = World(now)
        self.changes = Changes()
        self.changed = self.changes.changed
        self.faults = Faults()
        self.pace = Pace(now)
        self.files = Files()
        self.triggers = Triggers()
        self.sockets = Sockets(self.app_token, self.changes)
        self.callbacks = Callbacks(self.signing_secret)
        self.dispatch = Dispatch(self.sockets, self.callbacks, self.changes)
        self.events = Events(self)
        self.response_urls = ResponseUrls(self)
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        return f"{self.origin}/api/"

    # ------------------------------------------------------------------------------------------- running

    async def start(self, port: int = 0) -> None:
        api = WebApi(self)
        app = web.Application(client_max_size=16 * 1024**2)
        app.add_routes(
            [
                web.route("*", "/api/{method}", api.answer),
                web.get("/link/", self.sockets.connect),
                web.post("/{kind:commands|actions}/{team}/{native}/{secret}", self.response_urls.receive),
                web.post("/upload/{file}", self.files.receive),
                web.get("/oauth/v2/authorize", self._authorize),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        host, bound = self._runner.addresses[0][:2]
        self.origin = self.sockets.origin = f"http://{host}:{bound}"
        self.running = True

    async def stop(self) -> None:
        self.running = False
        await self.dispatch.close()
        self.sockets.drop()
        await self.callbacks.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _authorize(self, request: web.Request) -> web.Response:
        return await authorize(request, self)

    # ------------------------------------------------------------------------------------------- keeping

    def found(self, name: str) -> Workspace:
        """Give a workspace by its name or id, a new one if there is none."""
        return self.world.workspaces.get(name) or self.world.workspace(name, set(SCOPES))

    def record(self, method: str, arguments: Json) -> None:
        """Note a call of the app, in the form that the checks of recorded calls read."""
        if self.strict:
            shown = {name: "left-out" if name in SECRET else value for name, value in arguments.items()}
            self.recorded.append({"method": method, "payload": shown, "at": self.world.now().timestamp()})

    def note_sent(self, kind: Literal["post", "edit"], workspace: Workspace, line: Line) -> None:
        where = (workspace.id, line.channel, line.thread_ts, line.ts)
        self.sent.append(Sent(kind, *where, line.text, line.blocks))

    def name_blocks(self, blocks: list[Json]) -> list[Json]:
        """Give every block an id: 'If not specified, a block_id will be generated'."""
        return [{**block, "block_id": block.get("block_id") or secrets.token_hex(3)} for block in blocks]

    # ------------------------------------------------------------------------------------------- happening

    def write(
        self,
        channel: Conversation,
        user: str,
        text: str,
        *,
        blocks: list[Json] | None = None,
        thread_ts: str = "",
        metadata: Json | None = None,
        bot: bool = False,
    ) -> Line:
        """Let a message stand in a conversation. What the app writes comes back to it as an event."""
        line = self._store(channel, user, text, blocks or [], thread_ts)
        line.bot, line.metadata = bot, metadata
        if bot:
            self.events.message(line, echo=True)
        return line

    def note(self, channel: Conversation, user: str, text: str, subtype: str, room: Json | None = None) -> Line:
        """Let Slack itself write something: that somebody came, that a huddle began."""
        line = self._store(channel, user, text, [], "")
        line.subtype, line.room = subtype, room
        return line

    def _store(self, channel: Conversation, user: str, text: str, blocks: list[Json], thread_ts: str) -> Line:
        ts = self.world.stamp(channel)
        line = Line(next(self.world.numbers), channel.id, ts, user, self.world.now(), text, blocks, thread_ts)
        channel.lines[ts] = line
        return line

    def tell_edit(self, line: Line, before: Json) -> asyncio.Task[bool] | None:
        line.edited += 1
        return self.events.message_changed(line, before, echo=line.bot)

    def erase(self, line: Line) -> asyncio.Task[bool] | None:
        del self.world.conversations[line.channel].lines[line.ts]
        return self.events.message_deleted(line, echo=line.bot)

    def whisper(self, channel: Conversation, user: str, text: str, blocks: list[Json], *, thread_ts: str) -> Ephemeral:
        ts, number = self.world.stamp(channel), next(self.world.numbers)
        made = Ephemeral(number, channel.id, ts, user, self.world.now(), text, blocks, thread_ts)
        self.world.whispers[user].append(made)
        self.show(user, made)
        return made

    def rewrite(self, shown: Line | Ephemeral, text: str, blocks: list[Json]) -> None:
        """Let a message show something else because a response_url said so."""
        if isinstance(shown, Ephemeral):
            shown.text, shown.blocks = text, blocks
            self.show(shown.user, shown)
            return
        before = message_object(shown, self.found(self.world.conversations[shown.channel].team))
        shown.text, shown.blocks = text, blocks
        self.tell_edit(shown, before)

    def remove(self, shown: Line | Ephemeral | None) -> None:
        if isinstance(shown, Ephemeral):
            self.world.whispers[shown.user].remove(shown)
        elif shown is not None:
            self.erase(shown)

    def show(self, user: str, shown: Shown) -> None:
        """Note that somebody got to see something. A modal with nothing to fill in counts as words."""
        if isinstance(shown, View) and not shown.has_inputs:
            channel = shown.channel or self.world.inbox(self.found(shown.team), user).id
            where = (next(self.world.numbers), channel, shown.id, user, self.world.now())
            shown = Ephemeral(*where, "", shown.content["blocks"], shown.thread_ts)
            self.world.whispers[user].append(shown)
        self.world.shown[user].append(shown)
        self.changed(user)

    def come(self, channel: Conversation, user: str) -> list[asyncio.Task[bool]]:
        channel.members[user] = None
        line = self.note(channel, user, f"<@{user}> has joined the channel", "channel_join")
        told = (self.events.membership(channel, user, came=True), self.events.message(line))
        return [one for one in told if one is not None]

    def go(self, channel: Conversation, user: str) -> list[asyncio.Task[bool]]:
        line = self.note(channel, user, f"<@{user}> has left the channel", "channel_leave")
        told = [self.events.membership(channel, user, came=False), self.events.message(line)]
        channel.members.pop(user, None)
        return [one for one in told if one is not None]

    # ------------------------------------------------------------------------------------------- views

    def new_hash(self) -> str:
        return f"{self.world.seconds()}.{secrets.token_hex(4)}"

    def new_view(self, workspace: Workspace, trigger: Trigger, content: Json) -> View:
        native = self.world.serial("V")
        view = View(native, workspace.id, trigger.user, content, self.new_hash(), native)
        view.channel, view.thread_ts = trigger.channel, trigger.thread_ts
        self.world.views[native] = view
        return view

    def change_view(self, view: View, content: Json) -> None:
        view.content, view.hash, view.problems, view.typed = content, self.new_hash(), (), {}
        if content["type"] == "modal":
            self.show(view.user, view)

    def close_view(self, view: View) -> None:
        """Close a modal; the one below it, if there is one, is seen again."""
        self.world.views.pop(view.id, None)
        stack = self.world.stacks[view.user]
        if view in stack:
            stack.remove(view)
        self.changed()

    def clear_views(self, user: str) -> None:
        for view in self.world.stacks.pop(user, []):
            self.world.views.pop(view.id, None)
        self.changed()
