"""People asking Drumbeat for something: commands, buttons, menus and forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from adapters.playground.refusals import Answers, RoomError, check_answers, check_press, check_said, refuse
from bot.chat import Action, Answer
from tests.adapters.discord_platform import shapes
from tests.adapters.discord_platform.interactions import AUTOCOMPLETE, COMMAND, MODAL_SUBMIT
from tests.adapters.discord_platform.reading import BUTTON, OURS, SELECT, action_of
from tests.adapters.discord_platform.reading_forms import submission
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.seeing import Seeing
from tests.adapters.discord_platform.world import COMPONENTS_V2, EPHEMERAL, Channel

STRING: Final = 3
USERS: Final = 5


class Asking(Seeing):
    """What people ask of Drumbeat."""

    async def command(self, person: str, channel: str, line: str, thread: str = "", *, workspace: str = "") -> Answer:
        """Type '/name words' in a channel, or with channel '' in private."""
        check_said(line)
        name, _, words = line.strip().removeprefix("/").partition(" ")
        refuse(not line.startswith("/") or not name.strip(), "A command looks like /name and then words.")
        where = self._stand(person, channel, thread)
        data = self._typed(where, name.lower(), words.strip())
        return await self._ask(person, COMMAND, data, where)

    async def complete(self, person: str, channel: str, line: str) -> tuple[str, ...]:
        """Begin to type '/name words', and see what is suggested."""
        name, _, words = line.strip().removeprefix("/").partition(" ")
        where = self._stand(person, channel, "")
        data = self._typed(where, name.lower(), words, completing=True)
        interaction = await self._send(person, AUTOCOMPLETE, data, where)
        return tuple(str(choice["value"]) for choice in interaction.choices)

    async def press(self, person: str, message_id: str, action: Action, choice: str = "") -> Answer:
        """Tap a button, or pick a choice in a menu, in a post or a whisper."""
        sent = self._visible(person, message_id)
        view = self._view(sent)
        if view is None:
            raise RoomError("People's own words have no buttons.")
        check_press(view, action, choice)
        for part in (part for row in sent.components for part in row.get("components", [])):
            if "custom_id" in part and action_of(part["custom_id"]) == action:
                return await self._tap(person, sent, part, choice)
        raise RoomError("The message doesn't show that any more.")

    async def press_kept(self, person: str, channel: str, action: Action, choice: str = "") -> Answer:
        """Tap a button, or pick a choice, on something that was whispered long ago and is still on the screen."""
        custom_id = OURS + action.encode()
        part: Json = {"type": BUTTON, "style": 2, "label": "Kept", "custom_id": custom_id, "id": 3}
        if choice:
            options = [{"label": "Kept", "value": choice}]
            part = {"type": SELECT, "custom_id": custom_id, "options": options, "id": 3}
        where = self._stand(person, channel, "")
        shown: list[Json] = [{"type": 10, "id": 1, "content": "Kept"}, {"type": 1, "id": 2, "components": [part]}]
        bot, flags = self.world.bot.id, COMPONENTS_V2 | EPHEMERAL
        sent = self.world.write(where, bot, only=self.native(person), components=shown, flags=flags)
        self._hidden.add(sent.id)
        return await self._tap(person, sent, part, choice)

    async def fill(self, person: str, form_id: str, answers: Answers, *, checked: bool = True) -> Answer:
        """Send the form that the person has open; not ``checked``, with what no client would let them send."""
        opened = self._forms.get(person)
        if opened is None or opened.id != form_id:
            raise RoomError("That form is closed. Open it again.")
        complete = dict(answers)
        if checked:
            complete = check_answers(opened.form, answers, people=self.people_of(opened.place))
        self._forms[person] = replace(opened, typed=complete, problems=())
        modal, message, where = self._modals[form_id]
        components = submission(modal, complete, self.native)
        data = {"custom_id": modal["custom_id"], "components": components, **self._resolved(where, components)}
        return await self._ask(person, MODAL_SUBMIT, data, where, message=message, form=self._forms[person])

    # ------------------------------------------------------------------------------------------- what is sent

    def _typed(self, where: Channel, name: str, words: str, *, completing: bool = False) -> Json:
        command = self.service.commands.offered(where.server).get(name)
        if command is None:
            raise RoomError(f"Nobody offers the command /{name} here.")
        options: list[Json] = command.get("options") or []
        option = next((one for one in options if one["type"] == STRING), None)
        refuse(bool(words) and option is None, f"/{name} takes no words.")
        refuse(completing and not (option and option.get("autocomplete")), f"/{name} suggests nothing.")
        needed = [one["name"] for one in options if one.get("required") and (one is not option or not words)]
        refuse(bool(needed) and not completing, f"/{name} needs {', '.join(needed)}.")
        data: Json = {"id": command["id"], "name": name, "type": 1}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        if option is not None and (words or completing):
            focus = {"focused": True} if completing else {}
            data["options"] = [{"name": option["name"], "type": STRING, "value": words, **focus}]
        return data

    def _resolved(self, where: Channel, components: list[Json]) -> Json:
        """Tell who the people are that were picked."""
        fields = (label["component"] for label in components)
        chosen = [one for field in fields if field["type"] == USERS for one in field["values"]]
        picked = [one for one in chosen if one in self.world.accounts]
        if not picked:
            return {}
        resolved: Json = {"users": {one: shapes.user(self.world.accounts[one]) for one in picked}}
        if where.server:
            members = self.world.servers[where.server].members
            here = [one for one in picked if one in members]
            resolved["members"] = {
                one: self._with_rights(shapes.partial_member(members[one]), one, where) for one in here
            }
        return {"resolved": resolved}
