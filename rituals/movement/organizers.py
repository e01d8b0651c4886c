"""Who may decide: the founder names the organizers."""

from __future__ import annotations

from bot.chat import Answer, Problems, Whisper, fit
from bot.people import find_present, members
from bot.turn import Turn
from rituals.movement import forms, messages
from rituals.movement.declaration import MOST_ORGANIZERS, ritual


@ritual.press("organizers", only="founder")
def open_organizers(turn: Turn) -> Answer:
    """Open the list of organizers."""
    named = [one.person for one in members(turn.db, turn.movement.id) if one.role == "organizer"]
    return forms.organizers_form(tuple(named[:MOST_ORGANIZERS]), turn.action("organizers"))


@ritual.submit("organizers", only="founder")
def keep_organizers(turn: Turn) -> Answer:
    """Name the organizers; a founder stays founder."""
    chosen = []
    for person in turn.answers.many("people"):
        member = find_present(turn.db, turn.movement, person)
        if member is None:
            return Problems({"people": "Somebody you chose is not a member of this movement. Please choose again."})
        chosen.append(member)
    for member in members(turn.db, turn.movement.id):
        if member.role == "organizer" and member not in chosen:
            member.role = "member"
    for member in chosen:
        if member.role == "member":
            member.role = "organizer"
            turn.dm(
                member,
                f"organizer:{member.id}:{turn.now:%Y%m%d%H%M%S}",
                messages.organizer_note(turn.movement.name, turn.who.name),
            )
    named = [member.name for member in chosen if member.role == "organizer"]
    return Whisper("Organizers: " + fit([", ".join(named)]) + "." if named else "Nobody organizes with you right now.")
