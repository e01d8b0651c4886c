"""Answers on Discord: within the three seconds that a person has to wait at most, whatever Drumbeat is busy with.

In time, the answer is the answer. Too late for that, Discord is told 'one moment', and the answer follows. Nothing here
is kept for it: what a button means stands on the button, so it works after a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp
import structlog
from discord import HTTPException

from adapters.discord.commands import complete
from adapters.discord.forms import FORGOTTEN, Draft, Drafts, render_draft, whisper_opening, whisper_problems
from adapters.discord.interactions import FORM, TYPING, Asking, Interaction
from adapters.discord.people import Acquaintances
from adapters.discord.places import Places
from adapters.discord.recent import Recent
from adapters.discord.refusals import ANSWERED_ALREADY
from adapters.discord.render import EPHEMERAL, Payload, list_uploads, render_whisper
from adapters.discord.replies import Replies
from adapters.discord.servers import Servers
from adapters.discord.underway import Underway
from bot.chat import Answer, Form, Hear, Message, Problems, Submitted, Text, Typable, Whisper

log = structlog.get_logger()

# Discord waits three seconds; a second of that is for the way.
ANSWER_SECONDS: Final = 2.0
CALL_SECONDS: Final = 2.5
SEEN: Final = 10_000

# https://discord.com/developers/docs/interactions/receiving-and-responding
SAY, ONE_MOMENT, NOTHING, OFFER, OPEN = 4, 5, 6, 8, 9

DONE = Whisper("Done.")
GONE = Whisper("This is not there any more. Please use the newest message.")
SORRY = "Sorry, that went wrong on my side. Please try again."


class Answering:
    """Takes what people ask, lets Drumbeat hear it, and answers."""

    def __init__(
        self,
        replies: Replies,
        servers: Servers,
        places: Places,
        met: Acquaintances,
        *,
        underway: Underway,
        hear: Hear,
        commands: Callable[[], Sequence[Typable]],
    ) -> None:
        self._replies = replies
        self._servers = servers
        self._places = places
        self._met = met
        self._underway = underway
        self._hear = hear
        self._commands = commands
        self._drafts = Drafts()
        self._seen: Recent[str, bool] = Recent(SEEN)

    def take(self, interaction: Interaction) -> None:
        """Answer, beside everything else; what Discord tells a second time is being answered already."""
        if interaction.id in self._seen:
            return
        self._seen.keep(interaction.id, True)
        self._underway.start(self._answer(interaction))

    async def _answer(self, asked: Interaction) -> None:
        try:
            if asked.kind == TYPING:
                await self._complete(asked)
            elif asked.opening is not None:
                draft = self._drafts.find(asked.person, asked.opening)
                await (self._open(asked, draft) if draft else self._say(asked, [FORGOTTEN]))
            else:
                await self._ask(asked)
        except Exception as error:
            log.exception("discord answer failed", kind=asked.kind, error=type(error).__name__)

    async def _ask(self, asked: Interaction) -> None:
        hearing = self._underway.start(self._listen(asked))
        loop = asyncio.get_running_loop()
        await asyncio.wait({hearing}, timeout=max(asked.by - loop.time(), 0))
        if hearing.done():
            await self._give(asked, hearing.result())
        elif await self._call_back(asked, ONE_MOMENT, {"flags": EPHEMERAL}):
            await self._follow_up(asked, await hearing)

    async def _listen(self, asked: Interaction) -> Answer:
        """Let Drumbeat hear; it is never interrupted, and whoever asked is never left without a word."""
        event: Asking | None = None
        try:
            event = await asked.as_event(self._servers, self._places, self._met)
            return GONE if event is None else await self._hear(event)
        except Exception as error:
            log.exception("discord hearing failed", kind=asked.kind, error=type(error).__name__)
            return Problems({"": SORRY}) if isinstance(event, Submitted) else Whisper(SORRY)

    # ------------------------------------------------------------------------------------------- in time

    async def _give(self, asked: Interaction, answer: Answer) -> None:
        if isinstance(answer, Form) and asked.kind != FORM:
            await self._open(asked, Draft(answer, {}))
        elif answer is not None:
            await self._say(asked, self._in_whispers(asked, answer))
        elif asked.on_message:
            await self._call_back(asked, NOTHING)
        else:
            # To a command Discord must show something, or it says that we did not answer.
            await self._say(asked, [DONE])

    async def _open(self, asked: Interaction, draft: Draft) -> None:
        if await self._call_back(asked, OPEN, render_draft(draft)):
            self._drafts.keep_open(asked.person, draft.form)

    async def _say(self, asked: Interaction, whispers: Sequence[Whisper]) -> None:
        first, *more = whispers
        if await self._call_back(asked, SAY, render_whisper(first), first.message):
            await self._add(asked, more)

    async def _complete(self, asked: Interaction) -> None:
        typed = [option.get("value") for option in asked.data.get("options") or () if option.get("focused")]
        choices = complete(self._commands(), str(asked.data.get("name")), str(typed[0] or "") if typed else "")
        await self._call_back(asked, OFFER, {"choices": choices})

    # ------------------------------------------------------------------------------------------- too late for that

    async def _follow_up(self, asked: Interaction, answer: Answer) -> None:
        path = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        where = {"webhook_id": asked.application, "webhook_token": asked.token}
        if answer is None:
            await self._replies.call("DELETE", path, where)
            return
        first, *more = self._in_whispers(asked, answer)
        # That only one person sees it was said with 'one moment', and cannot be said again.
        body = render_whisper(first)
        body["flags"] &= ~EPHEMERAL
        await self._replies.call("PATCH", path, where, body=body, uploads=list_uploads(first.message))
        await self._add(asked, more)

    async def _add(self, asked: Interaction, whispers: Sequence[Whisper]) -> None:
        for whisper in whispers:
            where = {"webhook_id": asked.application, "webhook_token": asked.token}
            body, uploads = render_whisper(whisper), list_uploads(whisper.message)
            await self._replies.call(
                "POST", "/webhooks/{webhook_id}/{webhook_token}", where, body=body, uploads=uploads
            )

    # ------------------------------------------------------------------------------------------- how

    def _in_whispers(self, asked: Interaction, answer: Form | Whisper | Problems) -> list[Whisper]:
        """Say an answer in whispers: where no form can be opened any more, a button opens it."""
        match answer:
            case Whisper():
                return [answer]
            case Form():
                return [whisper_opening(self._drafts.keep(asked.person, Draft(answer, {})))]
            case Problems() if asked.kind == FORM and asked.action is not None:
                form = self._drafts.find_open(asked.person, asked.action)
                draft = Draft(form, asked.answers) if form else None
                reopen = self._drafts.keep(asked.person, draft) if draft else None
                return whisper_problems(answer, draft, asked.answers, reopen)
            case _:
                return [Whisper(*(Text(sentence) for _, sentence in answer.sentences))]

    async def _call_back(
        self, asked: Interaction, kind: int, data: Payload | None = None, message: Message | None = None
    ) -> bool:
        """Answer the interaction itself, which is possible once; tells whether it is answered now."""
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        where = {"webhook_id": asked.id, "webhook_token": asked.token}
        uploads = list_uploads(message) if message else []
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self._replies.answer(where, body=body, uploads=uploads)
        except HTTPException as refusal:
            # That it is answered already means that an answer of ours arrived whose receipt did not.
            if refusal.code != ANSWERED_ALREADY:
                log.warning("discord answer came too late or was refused", kind=asked.kind, code=refusal.code)
            return refusal.code == ANSWERED_ALREADY
        except (aiohttp.ClientError, OSError) as error:
            log.warning("discord answer did not arrive", kind=asked.kind, error=type(error).__name__)
            return False
        return True
