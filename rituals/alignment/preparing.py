"""Before a check opens: organizers see what it will ask, from the ledger, and may add, take out, or call it off."""

from __future__ import annotations

from datetime import datetime

from bot.chat import Answer, Message, Problems, Whisper
from bot.insights import anonymity
from bot.missions import current_mission
from bot.people import organizers
from bot.plain import tidy_line
from bot.practices import open_slot
from bot.tables import Occurrence, Practice
from bot.turn import Turn
from rituals.alignment import forms, messages
from rituals.alignment.activities import ALL_IN_ALL, MISSION, Found, find_activities
from rituals.alignment.checks import activities_of, asked, find_check, find_running, possible_raters
from rituals.alignment.declaration import (
    ACTIVITY_MOST,
    MOST_ACTIVITIES,
    PREPARE,
    ritual,
)
from rituals.alignment.ending import finish_earlier
from rituals.alignment.opening import open_check
from rituals.alignment.tables import Activity, Check

NOT_WAITING = Whisper(
    "This alignment check does not wait for you any more. Type /alignment-check to see how it stands."
)


# ------------------------------------------------------------------------------------------------ the draft


@ritual.opens
def prepare_planned(turn: Turn) -> None:
    """Show organizers what the check will ask, and open it by itself after three days."""
    occurrence = turn.occurrence
    if current_mission(turn) is None:
        _excuse(turn, occurrence, "there is no mission")
        turn.tell_organizers(f"no-mission:{occurrence.id}", messages.no_mission(turn.action))
        return
    if find_running(turn, "prepare", "rate") is not None:
        _excuse(turn, occurrence, "another one was under way")
        return
    check = _prepare(turn, occurrence)
    turn.tell_organizers(_key(occurrence), draft(turn, occurrence, check))


@ritual.press("now", only="organizer")
def prepare_now(turn: Turn) -> Answer:
    """Prepare a check on demand."""
    if current_mission(turn) is None:
        return Whisper(*messages.no_mission(turn.action).parts)
    running = find_running(turn, "prepare", "rate")
    if running is not None:
        return Whisper("An alignment check is under way already. Type /alignment-check to see it.")
    occurrence = open_slot(turn.db, turn.practice(), turn.now, now=turn.now)
    if occurrence is None:
        return Whisper("An alignment check was begun this very moment. Type /alignment-check to see it.")
    check = _prepare(turn, occurrence)
    return Whisper(*draft(turn, occurrence, check).parts)


def _prepare(turn: Turn, occurrence: Occurrence) -> Check:
    mission = current_mission(turn)
    assert mission is not None  # noqa: S101 - both callers have just looked
    finish_earlier(turn)
    opens = turn.now + PREPARE
    check = Check(occurrence_id=occurrence.id, mission_id=mission.id, phase="prepare", turns_at=opens)
    turn.db.add(check)
    _keep_list(turn, occurrence, find_activities(turn))
    turn.later(opens, "open-check", occurrence.id)
    return check


def _keep_list(turn: Turn, occurrence: Occurrence, found: list[Found]) -> None:
    for before in activities_of(turn, occurrence):
        turn.db.delete(before)
    turn.db.flush()
    for position, one in enumerate([*found, Found(ALL_IN_ALL, MISSION)], 1):
        turn.db.add(
            Activity(occurrence_id=occurrence.id, position=position, label=one.label, source=one.source, told=one.told)
        )
    turn.db.flush()


def draft(turn: Turn, occurrence: Occurrence, check: Check) -> Message:
    """Show what will be asked, with the ways to go on."""
    people = possible_raters(turn)
    view = asked(turn, occurrence, check)
    opens = turn.moment(check.turns_at or turn.now)
    return messages.draft(view, people, opens, occurrence.id, turn.action, anonymous=anonymity.may_offer(people))


def _key(occurrence: Occurrence) -> str:
    return f"draft:{occurrence.id}"


def _excuse(turn: Turn, occurrence: Occurrence, why: str) -> None:
    occurrence.state, occurrence.why, occurrence.closed_at = "excused", why, turn.now


def _waiting(turn: Turn) -> tuple[Occurrence, Check] | None:
    found = find_check(turn, turn.about)
    return found if found is not None and found[1].phase == "prepare" else None


# ------------------------------------------------------------------------------------------------ changing the list


@ritual.press("list", only="organizer")
def open_list(turn: Turn) -> Answer:
    """Open the list of what will be asked."""
    found = _waiting(turn)
    if found is None:
        return NOT_WAITING
    labels = [one.label for one in activities_of(turn, found[0]) if one.source != MISSION]
    return forms.list_form(labels, turn.action("list", found[0].id))


@ritual.submit("list", only="organizer")
def keep_list(turn: Turn) -> Answer:
    """Keep the list; what keeps its name stays bound to the ledger."""
    found = _waiting(turn)
    if found is None:
        return Problems({"": "This alignment check has opened already, so its list stays as it is."})
    occurrence, check = found
    answers = turn.answers
    written = answers.words("activities", most=forms.LIST_MOST, required=False)
    lines = [line for line in (tidy_line(one) for one in written.split("\n")) if line]
    if len(lines) > MOST_ACTIVITIES:
        answers.problems["activities"] = (
            f"These are {len(lines)} lines; {MOST_ACTIVITIES} activities fit. Please take some out."
        )
    long = next((line for line in lines if len(line.encode("utf-16-le")) // 2 > ACTIVITY_MOST), "")
    if long:
        answers.problems["activities"] = f"A line is longer than {ACTIVITY_MOST} characters. Please shorten it."
    if len({line.casefold() for line in lines}) < len(lines):
        answers.problems["activities"] = "Two lines are the same. Please take one out."
    if answers.problems:
        return Problems(answers.problems)
    known = {one.label: Found(one.label, one.source, one.told) for one in activities_of(turn, occurrence)}
    known |= {one.label: one for one in find_activities(turn) if one.label not in known}
    known.pop(ALL_IN_ALL, None)
    _keep_list(turn, occurrence, [known.get(line, Found(line, "")) for line in lines])
    _show_drafts(turn, occurrence, draft(turn, occurrence, check))
    return Whisper(*draft(turn, occurrence, check).parts)


def _show_drafts(turn: Turn, occurrence: Occurrence, message: Message) -> None:
    """Correct the draft for those who were sent one."""
    for member in organizers(turn.db, turn.movement.id):
        key = f"{_key(occurrence)}:{member.id}"
        turn.withdraw(key)
        turn.dm(member, key, message)


# ------------------------------------------------------------------------------------------------ opening it


@ritual.timer("open-check")
def open_itself(turn: Turn) -> None:
    """Open a check that nobody opened sooner; among few people as a conversation."""
    found = _waiting(turn)
    if found is not None:
        _open(turn, *found, way="anonymous" if anonymity.may_offer(possible_raters(turn)) else "talk")


@ritual.press("open", only="organizer")
def open_anonymous(turn: Turn) -> Answer:
    """Open a check before its time."""
    return _open_as(turn, "anonymous")


@ritual.press("open-signed", only="organizer")
def open_signed(turn: Turn) -> Answer:
    """Open a check in which names stand beside the ratings."""
    return _open_as(turn, "signed")


@ritual.press("open-talk", only="organizer")
def open_talk(turn: Turn) -> Answer:
    """Open a check as a conversation."""
    return _open_as(turn, "talk")


def _open_as(turn: Turn, way: str) -> Answer:
    found = _waiting(turn)
    if found is None:
        return NOT_WAITING
    if way == "anonymous" and not anonymity.may_offer(possible_raters(turn)):
        # Somebody left since the draft was shown.
        return Whisper(*draft(turn, *found).parts)
    _open(turn, *found, way=way)
    return Whisper("Done. The alignment check is in the channel.")


def _open(turn: Turn, occurrence: Occurrence, check: Check, *, way: str) -> None:
    current = current_mission(turn)
    # What was reworded while this waited is asked about as it stands now.
    check.mission_id = current.id if current is not None else check.mission_id
    turn.cancel("open-check", occurrence.id)
    open_check(turn, occurrence, check, way=way)
    _show_drafts(turn, occurrence, messages.draft_done("it is open, in the channel."))


@ritual.press("call-off", only="organizer")
def call_off(turn: Turn) -> Answer:
    """Call a check off before it opens."""
    found = _waiting(turn)
    if found is None:
        return NOT_WAITING
    occurrence, check = found
    check.phase, check.turns_at = "closed", None
    turn.cancel("open-check", occurrence.id)
    _excuse(turn, occurrence, "called off")
    _show_drafts(turn, occurrence, messages.draft_done(f"called off by {turn.who.name}."))
    practice = turn.db.get(Practice, occurrence.practice_id)
    coming = f" The next one is planned for {turn.spoken(practice.next_at)}." if practice and practice.next_at else ""
    return Whisper(f"Called off.{coming}")


def next_time(turn: Turn) -> datetime | None:
    """Tell when the next check is planned."""
    return turn.practice().next_at
