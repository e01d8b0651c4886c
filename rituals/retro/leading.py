"""Facilitating: moving a retro on or back, changing its time, handing it over, and taking over from who is silent."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.chat import Answer, Problems, Whisper
from bot.people import ORGANIZERS, away_ids
from bot.quiet import read_quiet_hours
from bot.rota import is_on_rota
from bot.tables import Member, Occurrence, Practice
from bot.turn import Turn
from rituals.retro import forms, views
from rituals.retro.closing import finish, note_host
from rituals.retro.declaration import SILENT_LIVE, SILENT_SPREAD, TOPIC_MINUTES, ritual
from rituals.retro.moving import enter, move_on, never_shown, next_phase, phase_before, set_end, total_votes, usual_end
from rituals.retro.paces import LIVE, SPREAD, past_quiet
from rituals.retro.presence import note_here
from rituals.retro.requests import settle
from rituals.retro.rounds import Found, count_notes, find_facilitator, find_retro, show_board
from rituals.retro.tables import Retro

OVER = Whisper("This retro is closed.")
MOVED = Whisper("The retro has moved on meanwhile. Press Facilitate to see where it stands.")


def leads(turn: Turn, occurrence: Occurrence, retro: Retro) -> bool:
    """Tell whether whoever acts facilitates; if so, they were seen, and are a host of record."""
    facilitator = find_facilitator(turn, retro)
    if facilitator is None or facilitator.id != turn.who.id:
        return False
    retro.facilitator_seen_at = turn.now
    note_host(turn, occurrence, facilitator)
    note_here(turn, occurrence)
    return True


def may_take(turn: Turn, retro: Retro) -> bool:
    """Tell whether whoever acts may take over: organizers at any time, anybody when nobody is there or is silent."""
    facilitator = find_facilitator(turn, retro)
    if facilitator is None or turn.who.role in ORGANIZERS or away_ids(turn.db, [facilitator.id], at=turn.now):
        return True
    silent = SILENT_LIVE if retro.live else SILENT_SPREAD
    return retro.facilitator_seen_at is None or turn.now - retro.facilitator_seen_at >= silent


def refuse(turn: Turn, occurrence: Occurrence, retro: Retro) -> Whisper:
    """Say who facilitates instead, and offer to take over where that is due."""
    facilitator = find_facilitator(turn, retro)
    name = facilitator.name if facilitator is not None else ""
    return views.not_yours(name, occurrence.id, turn.action, may_take=may_take(turn, retro))


def appoint(turn: Turn, occurrence: Occurrence, retro: Retro, member: Member) -> None:
    """Let somebody facilitate from now on."""
    settle(turn, occurrence, retro)
    retro.facilitator_id = member.id
    retro.facilitator_seen_at = turn.now
    turn.db.flush()
    show_board(turn, occurrence, retro)


def may_start(practice: Practice, member: Member) -> bool:
    """Tell whether somebody may start a retro: whoever takes turns in facilitating one."""
    return is_on_rota(practice, member)


def _open(turn: Turn, occurrence_id: str) -> Found | None:
    found = find_retro(turn, occurrence_id)
    return found if found is not None and found[1].phase != "closed" else None


def _at(turn: Turn) -> Found | Whisper:
    """Find the retro for whoever facilitates it, if it is in the phase that the button was pressed in."""
    occurrence_id, _, phase = turn.about.partition("/")
    found = _open(turn, occurrence_id)
    if found is None:
        return OVER
    if not leads(turn, *found):
        return refuse(turn, *found)
    return found if found[1].phase == phase else MOVED


@ritual.press("lead")
def show_controls(turn: Turn) -> Answer:
    """Give the facilitator their controls, and everybody else a way to take over."""
    found = _open(turn, turn.about)
    if found is None:
        return OVER
    return _controls(turn, *found) if leads(turn, *found) else refuse(turn, *found)


def _controls(turn: Turn, occurrence: Occurrence, retro: Retro) -> Answer:
    back = phase_before(turn, occurrence, retro)
    # Without a note there is nothing to show yet, and the way on is named all the same.
    following = next_phase(turn, occurrence, retro)
    empty = retro.phase == "gather" and following == "closed"
    view = views.Controls(
        phase=retro.phase,
        next_one="group" if empty else following,
        back=back,
        live=retro.live,
        votes_lost=retro.phase == "vote",
    )
    return views.controls(view, occurrence.id, turn.action)


@ritual.press("take")
def take_over(turn: Turn) -> Answer:
    """Let somebody take over."""
    found = _open(turn, turn.about)
    if found is None:
        return OVER
    occurrence, retro = found
    if not may_take(turn, retro):
        return refuse(turn, occurrence, retro)
    appoint(turn, occurrence, retro, turn.who)
    note_host(turn, occurrence, turn.who)
    note_here(turn, occurrence)
    return _controls(turn, occurrence, retro)


@ritual.press("next")
def go_on(turn: Turn) -> Answer:
    """Go to the next phase before its time."""
    found = _at(turn)
    if isinstance(found, Whisper):
        return found
    occurrence, retro = found
    if count_notes(turn, occurrence) == 0:
        return Whisper("There is no note yet, so there is nothing to show. Wait a little, or close the retro.")
    if retro.phase == "discuss":
        return MOVED
    move_on(turn, occurrence, retro)
    return _controls(turn, occurrence, retro)


@ritual.press("back")
def go_back(turn: Turn) -> Answer:
    """Go back by one phase."""
    found = _at(turn)
    if isinstance(found, Whisper):
        return found
    occurrence, retro = found
    back = phase_before(turn, occurrence, retro)
    if not back:
        return Whisper("This is the first phase, there is nothing to go back to.")
    enter(turn, occurrence, retro, back)
    return _controls(turn, occurrence, retro)


@ritual.press("close")
def close_now(turn: Turn) -> Answer:
    """Close a retro now; notes that were never shown wait for the next one."""
    found = _at(turn)
    if isinstance(found, Whisper):
        return found
    occurrence, retro = found
    if count_notes(turn, occurrence) == 0:
        how = "quiet"
    elif never_shown(turn, occurrence, retro):
        how = "early"
    else:
        how = "done"
    if retro.phase == "vote":
        total_votes(turn, occurrence, retro)
    finish(turn, occurrence, retro, how)
    return Whisper("Closed. The summary is in the thread.")


# ------------------------------------------------------------------------------------------------ time


@ritual.press("time")
def open_time(turn: Turn) -> Answer:
    """Ask until when the phase lasts."""
    found = _open(turn, turn.about)
    if found is None:
        return OVER
    if not leads(turn, *found):
        return refuse(turn, *found)
    ends = found[1].phase_ends_at
    until = ends.astimezone(ZoneInfo(turn.zone)).strftime("%Y-%m-%d %H:%M") if ends and ends > turn.now else ""
    return forms.time_form(turn.action("time", turn.about), live=found[1].live, until=until)


@ritual.submit("time")
def keep_time(turn: Turn) -> Answer:
    """Change until when the phase lasts, and whether the retro is live or spread over days."""
    found = _open(turn, turn.about)
    if found is None or not leads(turn, *found):
        return Problems({"": "This retro is closed, or somebody else facilitates it now."})
    occurrence, retro = found
    answers = turn.answers
    until = answers.moment("until", required=False)
    way = answers.one("way")
    if way not in ("live", "spread"):
        answers.problems["way"] = "Please choose one of the two."
    live = way == "live"
    ends = retro.phase_ends_at
    # The form shows whole minutes: a time that comes back as it was shown was not touched.
    if until is not None and ends is not None and until == ends.replace(second=0, microsecond=0):
        until = ends if live == retro.live else None
    if until is not None and until <= turn.now:
        answers.problems["until"] = "This time is over. Please choose a later one, or leave it empty."
    if answers.problems:
        return Problems(answers.problems)
    if live != retro.live:
        retro.live, retro.spans = live, list(LIVE if live else SPREAD)
    quiet = None if live else read_quiet_hours(turn.movement.quiet_hours)
    end = past_quiet(until, zone=turn.zone, quiet=quiet) if until is not None else usual_end(turn, retro)
    set_end(turn, occurrence, retro, end)
    show_board(turn, occurrence, retro)
    moved = " That is when your quiet hours end." if until is not None and end != until else ""
    return Whisper(f"Saved. This phase lasts until {turn.spoken(end)}.{moved}")


@ritual.press("topic-timer")
def time_topic(turn: Turn) -> Answer:
    """Give the present topic ten minutes; the clock only informs."""
    found = _open(turn, turn.about)
    if found is None:
        return OVER
    occurrence, retro = found
    if not leads(turn, occurrence, retro):
        return refuse(turn, occurrence, retro)
    if retro.phase != "discuss":
        return MOVED
    retro.topic_timer_at = turn.now + timedelta(minutes=TOPIC_MINUTES)
    turn.later(retro.topic_timer_at, "topic-time", occurrence.id)
    show_board(turn, occurrence, retro)
    return Whisper(f"{TOPIC_MINUTES} minutes from now. The board says when they are over; nothing else happens.")
