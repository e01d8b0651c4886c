"""Slack as a chat of Drumbeat's: put together here, over sockets or over HTTP, for one workspace or for many."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from adapters.slack.answering import Answering
from adapters.slack.authorizing import Authorizing
from adapters.slack.calls import Calls
from adapters.slack.channels import Channels
from adapters.slack.connection import PATIENCE_SECONDS, SlackRefusedError, Sockets
from adapters.slack.delivery import Delivery
from adapters.slack.door import Door
from adapters.slack.errands import Errands
from adapters.slack.examine import Finding, examine_app_token, examine_token
from adapters.slack.happenings import Happenings
from adapters.slack.home import Home
from adapters.slack.huddles import Huddles
from adapters.slack.listen import PLATFORM
from adapters.slack.listening import Listening
from adapters.slack.lookout import Lookout
from adapters.slack.oauth import Installing, OAuth
from adapters.slack.people import People
from adapters.slack.presence import Presence
from adapters.slack.recording import Recorder, library_log
from adapters.slack.refusals import SlackError
from adapters.slack.workspaces import Installs, Workspaces
from bot.chat import Answer, Appointment, Event, Hear, Message, Person, Place, Typable

log = structlog.get_logger()

API_URL = "https://slack.com/api/"
# With the time that answers get and that hanging up takes, a stop takes ten seconds at most.
STOP_SECONDS = 5.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0


class SlackChat:
    """A Slack app. With ``app_token`` Slack speaks over sockets, otherwise over HTTP, signed with ``signing_secret``.

    ``commands`` are what the app's manifest offers: Slack learns them there and not from a program that runs.
    """

    platform = PLATFORM

    def __init__(  # noqa: PLR0913 - the settings, by name
        self,
        *,
        bot_token: str = "",
        app_token: str = "",
        signing_secret: str = "",
        api_url: str = API_URL,
        commands: Callable[[], Sequence[Typable]],
        now: Callable[[], datetime],
        installs: Installs | None = None,
        oauth: OAuth | None = None,
        record: Callable[[dict[str, object]], None] | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        _check(bot_token, app_token, signing_secret, installs, oauth)
        self.commands = commands
        self._bot_token = bot_token
        self._app_token = app_token
        self._hear: Hear | None = None
        self._serving = asyncio.Event()
        self._errands = Errands()
        self._calls = Calls(api_url, recorder=Recorder(record, now=now))
        self._workspaces = Workspaces(self._calls, self._errands, bot_token=bot_token, installs=installs)
        self._channels = Channels(self._calls)
        self._people = People(self._calls, self._channels, self._errands)
        self._delivery = Delivery(self._calls, self._workspaces, self._channels)
        huddles = Huddles()
        self._lookout = Lookout(self._calls, self._people, huddles, now=now)
        app = AsyncApp(
            name="drumbeat",
            client=self._calls.client,
            authorize=Authorizing(self._workspaces),
            signing_secret=signing_secret,
            # Otherwise slack-bolt looks every ten milliseconds whether there is an answer yet.
            process_before_response=True,
            attaching_conversation_kwargs_enabled=False,
            attaching_function_token_enabled=False,
            logger=library_log(),
        )
        home = Home(self._calls, hear=self._pass_on, now=now)
        answering = Answering(self._calls, self._delivery, self._errands, look=home.look)
        happenings = Happenings(
            people=self._people,
            answering=answering,
            home=home,
            errands=self._errands,
            hear=self._pass_on,
            gone=self._let_go,
            entering=self._delivery.entering,
            presence=Presence(self._people, huddles, self._lookout, now=now),
            now=now,
        )
        Listening(
            people=self._people,
            answering=answering,
            happenings=happenings,
            errands=self._errands,
            hear=self._pass_on,
            now=now,
        ).register(app)
        self._sockets = (
            Sockets(app, app_token, calls=self._calls, errands=self._errands, patience=patience) if app_token else None
        )
        installing = Installing(oauth, self._calls, self._workspaces) if oauth is not None else None
        self._door = Door(app, errands=self._errands, is_open=self._serving.is_set, installing=installing)

    # ------------------------------------------------------------------------------------------- the engine's side

    async def run(self, hear: Hear) -> None:
        """Connect and pass on what happens until cancelled; raises ``SlackRefusedError`` where that is hopeless."""
        self._hear = hear
        try:
            await self._identify()
            await self._workspaces.open()
            self._serving.set()
            if self._sockets is not None:
                await self._sockets.run()
            else:
                await asyncio.get_running_loop().create_future()
        finally:
            self._serving.clear()
            await self._errands.drain(STOP_SECONDS)
            self._hear = None
            await self._calls.close()

    @property
    def connected(self) -> bool:
        """Whether what happens in Slack reaches us now."""
        if self._workspaces.void and self._workspaces.installs is None:
            return False
        return self._serving.is_set() and (self._sockets is None or self._sockets.connected)

    async def ready(self) -> None:
        """Return once connected."""
        await self._serving.wait()
        if self._sockets is not None:
            await self._sockets.ready()

    async def rest(self) -> None:
        """Return once no event, answer or follow-up is under way."""
        await self._errands.rest()

    def routes(self) -> list[web.RouteDef]:
        """List what the program's web server serves for Slack."""
        return self._door.routes(events=self._sockets is None)

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        return await self._delivery.post(place, message, once=once)

    async def edit(self, place: Place, message_id: str, message: Message) -> None:
        await self._delivery.edit(place, message_id, message)

    async def find(self, place: Place, *, once: str, since: datetime) -> str | None:
        return await self._delivery.find(place, once=once, since=since)

    async def members(self, place: Place) -> tuple[Person, ...]:
        return await self._people.members(await self._workspaces.need(place.workspace), place.channel)

    async def keep_event(self, place: Place, event_id: str, appointment: Appointment) -> str:  # noqa: ARG002
        """Nothing: Slack keeps no list of events."""
        return ""

    async def inside(self, place: Place, room: str) -> tuple[Person, ...] | None:
        """List who is in the huddle of a channel."""
        return await self._lookout.look(await self._workspaces.need(place.workspace), room)

    async def close(self) -> None:
        """Let the connections go of a chat that posted or was examined and is not running."""
        await self._calls.close()

    async def examine(self, homes: Sequence[Place]) -> list[Finding]:
        """Look at everything that Slack has to say yes to, a line each: what, how it is, and how to mend it."""
        try:
            found: list[Finding] = []
            for token in await self._tokens():
                found += await examine_token(self._calls, token, homes)
            if self._app_token:
                found.append(await examine_app_token(self._calls, self._app_token))
            return found or [("Slack", "installed nowhere yet", "Open /slack/install in a browser.")]
        finally:
            if self._hear is None:
                await self._calls.close()

    # ------------------------------------------------------------------------------------------- on the way

    async def _pass_on(self, event: Event) -> Answer:
        if self._hear is None:
            msg = "nobody is listening"
            raise RuntimeError(msg)
        return await self._hear(event)

    async def _identify(self) -> None:
        """Learn whose token it is, however long Slack takes to be there."""
        pause = FIRST_PAUSE_SECONDS
        while self._bot_token:
            try:
                await self._workspaces.own()
            except SlackError as error:
                if error.permanent:
                    raise SlackRefusedError(
                        f"Slack does not accept the bot token ({error.error}). Copy it anew from OAuth & Permissions "
                        "in the app's settings, and give it as SLACK_BOT_TOKEN."
                    ) from error
                log.warning("slack: not there yet", error=error.error)
                await asyncio.sleep(error.retry_after or pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            else:
                return

    async def _let_go(self, workspace: str) -> None:
        """Forget a workspace in which Drumbeat was uninstalled."""
        if await self._workspaces.uninstalled(workspace):
            for memory in (self._people, self._channels, self._delivery):
                memory.forget(workspace)

    async def _tokens(self) -> list[str]:
        if self._bot_token:
            return [self._bot_token]
        installs = self._workspaces.installs
        return [install.token for install in await installs.all()] if installs is not None else []


def _check(bot_token: str, app_token: str, signing_secret: str, installs: Installs | None, oauth: OAuth | None) -> None:
    """Refuse settings with which Slack could not reach us, or anybody could in its name."""
    if not bot_token and installs is None:
        msg = "Slack needs a bot token (SLACK_BOT_TOKEN), or a place where installs are kept."
        raise ValueError(msg)
    if not app_token and not signing_secret.strip():
        msg = "Slack needs an app-level token (SLACK_APP_TOKEN) for sockets, or a signing secret for HTTP."
        raise ValueError(msg)
    if oauth is not None and installs is None:
        msg = "Installing in further workspaces needs a place where installs are kept."
        raise ValueError(msg)
