"""How an interaction reaches Drumbeat, and what the person sees of what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from adapters.playground.refusals import RoomError, refuse
from adapters.playground.stage import OpenForm
from bot.chat import Answer, Problems
from tests.adapters.discord_platform import happenings, shapes
from tests.adapters.discord_platform.interactions import (
    COMPONENT,
    Interaction,
)
from tests.adapters.discord_platform.looking import Looking
from tests.adapters.discord_platform.reading import SELECT, whispered
from tests.adapters.discord_platform.reading_forms import (
    AGAIN,
    CONTINUE,
    press_id,
    read_form,
    read_problems,
)
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.rights import Right
from tests.adapters.discord_platform.world import PRIVATE, THREAD, Channel, Sent

# How long somebody looks at 'Drumbeat is thinking…' before they give up.
PATIENCE_SECONDS: Final = 20.0


class Seeing(Looking):
    """Sends interactions, and rebuilds the answer from what Discord got."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        privileged: Sequence[str] = ("members", "message_content"),
        strict: bool = True,
        bot_name: str = "Drumbeat",
    ) -> None:
        super().__init__(now=now, privileged=privileged, strict=strict, bot_name=bot_name)
        # Whoever is offered to try again, or to go on, does so at once; a test can look closer.
        self.goes_on = True
        self._modals: dict[str, tuple[Json, Sent | None, Channel]] = {}
        self._opened = 0

    def close_form(self, person: str, form_id: str) -> None:
        """Put a form away unsent."""
        opened = self._forms.get(person)
        if opened is not None and opened.id == form_id:
            del self._forms[person], self._modals[form_id]

    def dismiss(self, person: str, whisper_id: str) -> None:
        """Put a whisper away."""
        there = any(whisper.id == whisper_id for whisper in self.whispers(person))
        refuse(not there, "That is gone already.")
        self._hidden.add(whisper_id)

    # ------------------------------------------------------------------------------------------- what is sent

    def _with_rights(self, member: Json, native: str, where: Channel) -> Json:
        return {**member, "permissions": str(int(self.world.rights(native, where)))}

    def _payload(self, interaction: Interaction, data: Json) -> Json:
        world, where, person = self.world, interaction.channel, interaction.person
        rights = int(world.rights(world.bot.id, where))
        payload: Json = {
            "id": interaction.id,
            "application_id": world.bot.id,
            "type": interaction.kind,
            "data": data,
            "token": interaction.token,
            "version": 1,
            "channel_id": where.id,
            "channel": {**shapes.partial_channel(world, where), "permissions": str(int(world.rights(person, where)))},
            "app_permissions": str(rights),
            "locale": shapes.LOCALE,
            "entitlements": [],
            "attachment_size_limit": 10 << 20,
            "authorizing_integration_owners": {"0": where.server or "0"},
            "context": 1 if where.kind == PRIVATE else 0,
        }
        if interaction.message is not None:
            payload["message"] = shapes.message(world, interaction.message)
        if not where.server:
            return {**payload, "user": shapes.user(world.accounts[person])}
        member = shapes.member(world.servers[where.server].members[person])
        return {
            **payload,
            "guild_id": where.server,
            "guild": {"id": where.server, "locale": shapes.LOCALE, "features": []},
            "guild_locale": shapes.LOCALE,
            "member": self._with_rights(member, person, where),
        }

    async def _send(
        self, person: str, kind: int, data: Json, where: Channel, *, message: Sent | None = None
    ) -> Interaction:
        """Tell Drumbeat, and wait for its one answer; refuse when it does not come in time."""
        away = bool(where.server) and not self.world.servers[where.server].bot_here
        refuse(away or not self.service.gateway.sessions, "The application did not respond.")
        happenings.archive_quiet_threads(self.service)
        now = asyncio.get_running_loop().time()
        native = self.native(person)
        interaction = Interaction(self.world.mint.new(), kind, native, where, self._now(), now, message)
        self.service.interactions.add(interaction)
        self.service.gateway.tell("INTERACTION_CREATE", self._payload(interaction, data), server=where.server)
        try:
            async with asyncio.timeout(self.service.interactions.answer_seconds):
                await interaction.answered.wait()
        except TimeoutError:
            raise RoomError("The application did not respond.") from None
        return interaction

    # ------------------------------------------------------------------------------------------- what is seen

    async def _ask(
        self,
        person: str,
        kind: int,
        data: Json,
        where: Channel,
        *,
        message: Sent | None = None,
        form: OpenForm | None = None,
    ) -> Answer:
        interaction = await self._send(person, kind, data, where, message=message)
        if interaction.expects_more:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await interaction.followed.wait()
            except TimeoutError:
                raise RoomError("Drumbeat is thinking… and thinking.") from None
        await self.quiet()
        return await self._see(person, interaction, form)

    async def _see(self, person: str, interaction: Interaction, form: OpenForm | None) -> Answer:
        """Rebuild the answer from what came; what was there before a form was sent is put away."""
        if form is not None and self._forms.get(person) is form:
            self.close_form(person, form.id)
        if interaction.modal is not None:
            return self._open(person, interaction.modal, interaction).form
        alone = [sent for sent in interaction.shown if sent.only and sent.id in self.world.sent]
        if not alone:
            return None
        for seen in alone if self.goes_on else ():
            if form is not None and press_id(seen.components, AGAIN):
                self._hidden.add(interaction.id)
                return await self._try_again(person, seen, form)
            if press_id(seen.components, CONTINUE):
                self._hidden.add(interaction.id)
                return await self._tap_own(person, seen, CONTINUE)
        view = self._view(alone[-1])
        return None if view is None else whispered(view)

    async def _try_again(self, person: str, seen: Sent, form: OpenForm) -> Problems:
        problems = read_problems(seen.components, form.form, self._eyes(seen))
        await self._tap_own(person, seen, AGAIN)
        opened = self._forms.get(person)
        if opened is not None:
            self._modals[form.id] = self._modals.pop(opened.id)
            again = replace(opened, id=form.id, typed=form.typed, problems=problems.sentences)
            self._forms[person] = again
        return problems

    async def _tap_own(self, person: str, seen: Sent, label: str) -> Answer:
        own = press_id(seen.components, label)
        buttons = (part for row in seen.components for part in row.get("components", []))
        button = next(part for part in buttons if part.get("custom_id") == own)
        return await self._tap(person, seen, button, "")

    async def _tap(self, person: str, sent: Sent, part: Json, choice: str) -> Answer:
        data: Json = {"component_type": part["type"], "custom_id": part["custom_id"], "id": part["id"]}
        if part["type"] == SELECT:
            data["values"] = [next(one["value"] for one in part["options"] if one["value"].strip() == choice)]
        return await self._ask(person, COMPONENT, data, self.world.channels[sent.channel], message=sent)

    def _open(self, person: str, modal: Json, interaction: Interaction) -> OpenForm:
        self._opened += 1
        opened = OpenForm(f"f{self._opened}", read_form(modal, self.named), self._place(interaction.channel))
        self._modals[opened.id] = (modal, interaction.message, interaction.channel)
        self._forms[person] = opened
        return opened

    # ------------------------------------------------------------------------------------------- where people are

    def _stand(self, person: str, channel: str, thread: str) -> Channel:
        """Find where a person acts; a message that has no thread yet gives the channel it stands in."""
        self.person(person)
        if not channel:
            servers = self.world.shared_servers(self.native(person))
            refuse(not servers, f"{self.person(person).name} is in no channel.")
            return self.world.private_channel(self.native(person))
        self._check_inside(person, channel)
        where = self._of(channel)
        if not thread:
            return where
        there = self.world.channels.get(thread)
        if there is not None and there.kind == THREAD and there.parent == where.id:
            return there
        root = self.world.sent.get(thread)
        refuse(root is None or root.channel != where.id or bool(root.only), "There is no such thread here.")
        return where

    def _check_right(self, person: str, where: Channel, right: Right) -> None:
        allowed = right in self.world.rights(self.native(person), where)
        refuse(not allowed, f"{self.person(person).name} lacks the right {right.name} there.")
