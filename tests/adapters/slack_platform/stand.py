"""People who use this Slack: they type commands, tap, fill in forms, and see what Slack shows them.

Everything has the names and the answers that the playground's room gives, so that a scene can be played on either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from adapters.playground.refusals import Answers, RoomError, check_answers, check_press, check_said, refuse
from bot.chat import Action, Answer
from tests.adapters.slack_platform.dispatch import Envelope
from tests.adapters.slack_platform.filling import fill_in
from tests.adapters.slack_platform.happening import Happening
from tests.adapters.slack_platform.interactions import Interactions, tap
from tests.adapters.slack_platform.limits import command_faults, submission_faults
from tests.adapters.slack_platform.reading import find_element, read_message, read_problems
from tests.adapters.slack_platform.refusing import Json, UnansweredError
from tests.adapters.slack_platform.world import Line, User, View

TROUBLE = "We had some trouble connecting. Try again?"


class SlackStand(Happening):
    """Slack with people in it."""

    def __init__(self, *, now: Callable[[], datetime], strict: bool = True, limit_posts: bool = False) -> None:
        super().__init__(now=now, strict=strict, limit_posts=limit_posts)
        # The commands that the app's manifest declares, without a slash; None is any.
        self.commands: set[str] | None = None
        self._interactions = Interactions(self.platform)

    async def command(self, person: str, channel: str, line: str, thread: str = "", *, workspace: str = "") -> Answer:
        """Type '/name words' in a channel, or with channel '' in the inbox."""
        refuse(bool(thread), "Commands don't work in a thread. Type it in the channel.")
        check_said(line)
        name, _, words = line.strip().partition(" ")
        refuse(not line.startswith("/") or len(name) == 1, "A command looks like /name and then words.")
        there, _ = self._stand_in(person, channel, workspace=workspace)
        known = self.commands is None or name[1:].lower() in self.commands
        refuse(not (known and self.world.workspaces[there.team].installed), f"{name} is not a valid command.")
        user, seen = await self._begin(person)
        envelope, url = self._interactions.command(there, user, name.lower(), words.strip())
        ack = await self.platform.dispatch.ask(envelope)
        if ack:
            self.platform.record("ack.command", ack)
            self._refuse_ack(command_faults(ack, ready=self.platform.files.is_ready), "ack.command")
            self.platform.response_urls.show(url, ack)
        return await self._see(user, seen)

    async def press(self, person: str, message_id: str, action: Action, choice: str = "") -> Answer:
        """Tap a button, or pick a choice in a menu, in a post or a whisper."""
        user, seen = await self._begin(person)
        shown = self._visible(user, message_id)
        refuse(isinstance(shown, Line) and not shown.bot, "People's own words have no buttons.")
        if shown.ts in self.world.views:
            return await self.press_in_form(person, action, choice)
        block, done = self._find(shown.text, shown.blocks, action, choice)
        return await self._tapped(user, seen, self._interactions.press(shown, user, block, done))

    async def press_home(self, person: str, action: Action, choice: str = "", workspace: str = "movement") -> Answer:
        """Tap a button, or pick a choice in a menu, in the App Home."""
        user, seen = await self._begin(person)
        home = self.world.homes.get((self.native(workspace), user.id))
        if home is None:
            raise RoomError("There is nothing on that page.")
        block, done = self._find("", home.content["blocks"], action, choice)
        return await self._tapped(user, seen, self._interactions.press_view(home, user, block, done))

    async def press_in_form(self, person: str, action: Action, choice: str = "") -> Answer:
        """Tap a button, or pick a choice in a menu, that stands in the open modal."""
        user, seen = await self._begin(person)
        view = self.world.top(user.id)
        if view is None:
            raise RoomError("That form is closed. Open it again.")
        block, done = self._find("", view.content["blocks"], action, choice)
        return await self._tapped(user, seen, self._interactions.press_view(view, user, block, done))

    async def tap_link(self, person: str, message_id: str, label: str) -> Answer:
        """Open a link among the buttons. Slack tells the app of that as well."""
        user, seen = await self._begin(person)
        shown = self._visible(user, message_id)
        for block in shown.blocks:
            for element in block["elements"] if block["type"] == "actions" else ():
                if element.get("url") and element["text"]["text"] == label:
                    envelope = self._interactions.press(shown, user, block, tap(block, element, ""))
                    return await self._tapped(user, seen, envelope)
        raise RoomError("The message doesn't show that any more.")

    async def fill(self, person: str, form_id: str, answers: Answers) -> Answer:
        """Send the form that the person has open."""
        user, seen = await self._begin(person)
        view = self.world.top(user.id)
        if view is None or view.id != form_id or not view.has_inputs:
            raise RoomError("That form is closed. Open it again.")
        people = [self.named(one) for one in self.world.workspaces[view.team].people]
        view.typed = check_answers(self._form(view).form, answers, people=people)
        view.problems = ()
        zone = user.person.zone or "UTC"
        values = fill_in(view.content, view.typed, native=self.native, zone=zone)
        ack = await self.platform.dispatch.ask(self._interactions.submission(view, user, values))
        inputs = {one["block_id"]: one["element"]["action_id"] for one in view.content["blocks"] if "element" in one}
        self.platform.record("ack.view_submission", ack)
        self._refuse_ack(submission_faults(ack, inputs, ready=self.platform.files.is_ready), "ack.view_submission")
        if ack.get("response_action") == "errors":
            view.problems = tuple((inputs[block], words) for block, words in ack["errors"].items())
            await self._rest()
            return read_problems(view.problems)
        self._follow(view, ack)
        return await self._see(user, seen)

    def close_form(self, person: str, form_id: str) -> None:
        """Put a form away unsent. The app is told if it asked for that."""
        user = self._user(person)
        view = self.world.top(user.id)
        if view is None or view.id != form_id:
            return
        self.platform.clear_views(user.id)
        if view.content.get("notify_on_close"):
            closing = self.platform.dispatch.ask(self._interactions.closing(view, user))
            self._note([asyncio.get_running_loop().create_task(_done(closing))])

    def dismiss(self, person: str, whisper_id: str) -> None:
        """Put a whisper away."""
        told = self.world.whispers[self._user(person).id]
        found = [one for one in told if one.id == whisper_id]
        refuse(not found, "That is gone already.")
        self.platform.remove(found[0])

    async def redeliver(self, envelope: Envelope) -> Answer:
        """Send something a second time: the same event, marked as a retry. Slack does so with events alone."""
        seen = len(self.world.shown[envelope.user])
        ack = await self.platform.dispatch.again(envelope)
        if envelope.kind == "slash_commands" and ack:
            channel = self.world.conversations[envelope.payload["channel_id"]]
            blocks = self.platform.name_blocks(ack.get("blocks") or [])
            self.platform.whisper(channel, envelope.user, str(ack.get("text") or ""), blocks, thread_ts="")
        await self._rest()
        return self._seen(envelope.user, seen)

    async def redeliver_last(self) -> Answer:
        """Send the last thing again that somebody's act caused."""
        return await self.redeliver(self.events[-1])

    # ------------------------------------------------------------------------------------------- on the way

    async def _tapped(self, user: User, seen: int, envelope: Envelope) -> Answer:
        ack = await self.platform.dispatch.ask(envelope)
        if ack:
            self.platform.record("ack.block_actions", ack)
            self._refuse_ack(["a press is acknowledged with nothing"], "ack.block_actions")
        return await self._see(user, seen)

    def _follow(self, view: View, ack: Json) -> None:
        """Close, replace or cover the modal that was submitted, as the acknowledgement says."""
        match ack.get("response_action"):
            case None:
                self.platform.close_view(view)
            case "clear":
                self.platform.clear_views(view.user)
            case "update":
                self.platform.change_view(view, self._named_blocks(ack["view"]))
            case "push":
                upon = replace(view, id=self.world.serial("V"), hash=self.platform.new_hash(), problems=(), typed={})
                self.world.views[upon.id] = upon
                self.world.stacks[view.user].append(upon)
                self.platform.change_view(upon, self._named_blocks(ack["view"]))

    def _named_blocks(self, view: Json) -> Json:
        return view | {"blocks": self.platform.name_blocks(view["blocks"])}

    def _refuse_ack(self, faults: Iterable[str], what: str) -> None:
        found = [*faults] if self.platform.strict else []
        if found:
            self.failures.append(f"{what}: {found}")
            raise UnansweredError(TROUBLE if what == "ack.view_submission" else "dispatch_unknown_error")

    def _find(self, text: str, blocks: list[Json], action: Action, choice: str) -> tuple[Json, Json]:
        check_press(read_message(text, blocks, naming=self.naming), action, choice)
        found = find_element(blocks, action)
        assert found is not None
        return found[0], tap(*found, choice)


async def _done(asking: Awaitable[Json]) -> bool:
    with suppress(UnansweredError):
        await asking
    return True
