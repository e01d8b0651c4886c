"""What /alignment-check does: it leads to whatever is under way, and organizers can prepare one and close it."""

from __future__ import annotations

from bot.chat import Answer, Blank, Buttons, Text, Whisper
from bot.turn import Turn
from rituals.alignment import choosing, closing, messages, preparing
from rituals.alignment.checks import find_running, has_mission
from rituals.alignment.declaration import ritual

_FOR_ORGANIZERS = {"now": preparing.prepare_now, "close": closing.close_now}


@ritual.command(
    "alignment-check",
    "See whether what you do still serves your mission",
    organizers_usage="[now | close]",
    blank=Blank("do", "For organizers: what to do with it", tuple(_FOR_ORGANIZERS)),
)
def alignment_check(turn: Turn) -> Answer:
    """Lead to the check that is under way, or say when the next one comes."""
    word = turn.words.lower().strip()
    if word in _FOR_ORGANIZERS:
        return _FOR_ORGANIZERS[word](turn) if turn.who.role != "member" else Whisper("Only an organizer can do this.")
    if word:
        return Whisper(
            "I know /alignment-check alone, and for organizers /alignment-check now and /alignment-check close."
        )
    organizing = turn.who.role != "member"
    if not has_mission(turn):
        if organizing:
            return Whisper(*messages.no_mission(turn.action).parts)
        return Whisper(
            "An alignment check needs a mission, and yours is not written down yet. An organizer can do that."
        )
    running = find_running(turn)
    if running is None:
        coming = preparing.next_time(turn)
        said = f"The next one is planned for {turn.spoken(coming)}." if coming else "None is planned."
        row = [Buttons(turn.button("Prepare one now", "now", primary=True))] if organizing else []
        return Whisper(Text(f"No alignment check is under way. {said}"), *row)
    occurrence, check = running
    if check.phase == "prepare":
        if organizing:
            return Whisper(*preparing.draft(turn, occurrence, check).parts)
        when = turn.moment(check.turns_at or turn.now)
        return Whisper(Text("The next alignment check is being prepared. It opens ", when, " at the latest."))
    if check.phase == "rate" and occurrence.closes_at is not None:
        verb = "sign" if check.way == "signed" else "rate"
        buttons = [turn.button("Rate", verb, occurrence.id, primary=True)]
        if organizing:
            buttons.append(turn.button("Close it now", "close-now", occurrence.id))
        return Whisper(
            Text("An alignment check is open until ", turn.moment(occurrence.closes_at), ". It takes three minutes."),
            Buttons(*buttons),
        )
    return Whisper(*choosing.choices(turn, occurrence, check).parts)
