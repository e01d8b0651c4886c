"""Who hosts: an open slot that anybody may take, a rota with skip and swap, and a host who is asked in good time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot import rota
from bot.chat import Answer, Message, Problems, Whisper
from bot.people import ORGANIZERS, away_ids, find_present, organizers
from bot.tables import Away, Gathering, Member, Post, Practice, Series
from bot.turn import Turn
from rituals.gathering import forms, views
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import find, may_change, occurrence_of, read_shown, show_card
from rituals.gathering.seats import find_answer, hosts_of
from rituals.gathering.waiting import fill_places, waits_first

CALL_OUT = timedelta(days=3)
CONFIRM = timedelta(days=2)
SILENT = timedelta(days=1)
LEADS = {"call-out": CALL_OUT, "confirm": CONFIRM}
# A ritual does not hear of who leaves, so while it is near it is looked now and then whether its host is still there.
LOOK_AGAIN = timedelta(hours=1)
# Whoever says yes so shortly before need not be asked again.
FRESH = timedelta(days=3)
NOT_THERE = Whisper("This gathering is not there any more.")
SETTLED = "This gathering has begun, is over or was cancelled"
PAST = Whisper(f"{SETTLED}, so its host stays as noted.")
NOT_YOURS = Whisper("Only its host and organizers can do this.")
FULL = " All places are taken now, so you are the first to wait for one."


# ------------------------------------------------------------------------------------------------ times


def plan_hosting(turn: Turn, gathering: Gathering) -> None:
    """Set when an open slot is called out, when its host is asked to confirm, and when it is looked after them.

    Their silence can only be noticed once they were asked, so that is set with the question.
    """
    for verb, lead in LEADS.items():
        due = gathering.starts_at - lead
        if due > turn.now:
            turn.later(due, verb, gathering.id)
        else:
            turn.cancel(verb, gathering.id)
    if gathering.starts_at - CONFIRM <= turn.now < gathering.starts_at:
        turn.later(turn.now, "confirm", gathering.id)
    look_at = max(gathering.starts_at - CALL_OUT, turn.now + LOOK_AGAIN)
    if look_at < gathering.starts_at:
        turn.later(look_at, "host-there", gathering.id)
    else:
        turn.cancel("host-there", gathering.id)
    if gathering.host_id is None or not _is_asked(turn, gathering):
        turn.cancel("silent", gathering.id)


def unplan_hosting(turn: Turn, gathering: Gathering) -> None:
    """Ask nobody about a gathering that was cancelled, and let open questions rest."""
    for verb in (*LEADS, "silent", "host-there", "show"):
        turn.cancel(verb, gathering.id)
    host = find_host(turn, gathering)
    if host is not None and gathering.host_confirmed_at is None:
        _settle_question(turn, gathering, host, "It was called off.")
    _drop_request(turn, gathering, "It was called off.")
    _settle_calls(turn, gathering, views.slot_gone(read_shown(turn, gathering)))


def note_host(turn: Turn, gathering: Gathering) -> None:
    """Note that its host has just said yes, where that is so shortly before that nobody need ask again."""
    fresh = turn.who_ is not None and gathering.host_id == turn.who_.id and is_fresh(turn, gathering)
    gathering.host_confirmed_at = turn.now if fresh else None


def is_fresh(turn: Turn, gathering: Gathering) -> bool:
    """Tell whether a yes of today holds until it begins."""
    return gathering.starts_at - turn.now <= FRESH


def find_host(turn: Turn, gathering: Gathering) -> Member | None:
    """Find its host, if they are still in the movement."""
    host = turn.db.get(Member, gathering.host_id) if gathering.host_id is not None else None
    return host if host is not None and host.left_at is None and host.movement_id == turn.movement.id else None


def look_after_host(turn: Turn, gathering: Gathering) -> None:
    """Pass it on where its host has left or was deleted; an open slot that is near is called out."""
    if find_host(turn, gathering) is not None or _is_on_the_way(turn, gathering):
        return
    was_open = gathering.host_id is None
    following = pass_on(turn, gathering)
    if following is not None or not was_open:
        note_change(turn, gathering)


def _is_on_the_way(turn: Turn, gathering: Gathering) -> bool:
    """Tell whether its host has left only because the whole movement is moving to another channel."""
    host = turn.db.get(Member, gathering.host_id) if gathering.host_id is not None else None
    moved_at = turn.movement.moved_at
    if host is None or moved_at is None or host.left_at != moved_at:
        return False
    return turn.now - moved_at < LOOK_AGAIN


@ritual.timer("host-there")
def look_now_and_then(turn: Turn) -> None:
    """Look whether its host is still there."""
    gathering = _announced(turn)
    if gathering is None:
        return
    if gathering.host_id is not None:
        look_after_host(turn, gathering)
    if gathering.starts_at - turn.now > LOOK_AGAIN:
        turn.later(LOOK_AGAIN, "host-there", gathering.id)


# ------------------------------------------------------------------------------------------------ the rota


def assign_by_rota(turn: Turn, gathering: Gathering) -> Member | None:
    """Give it to whose turn it is, counting what is planned already; nobody, and the slot is open."""
    practice = turn.db.get_one(Practice, occurrence_of(turn, gathering).practice_id)
    candidates = rota.read_candidates(turn.db, practice, now=turn.now)
    ids = [one.member_id for one in candidates]
    away = away_ids(turn.db, ids, at=gathering.starts_at)
    planned: dict[int, datetime] = {
        member_id: at
        for member_id, at in turn.db.execute(
            select(Gathering.host_id, func.max(Gathering.starts_at))
            .where(Gathering.series_id == gathering.series_id, Gathering.host_id.in_(ids))
            .where(Gathering.state != "cancelled", Gathering.id != gathering.id)
            .group_by(Gathering.host_id)
        )
        if member_id is not None
    }
    there = [
        replace(one, last_ran=planned.get(one.member_id, one.last_ran), ran_lately=0, away=one.member_id in away)
        for one in candidates
    ]
    whose = rota.propose(there, skipped=gathering.skipped)
    gathering.host_id = whose
    gathering.host_confirmed_at = None
    return turn.member(whose) if whose is not None else None


def pass_on(turn: Turn, gathering: Gathering) -> Member | None:
    """Let the next one on the rota take over from a host who can't; without a rota the slot is open."""
    hosted = hosts_of(gathering)
    vacated = gathering.host_id is not None
    if gathering.host_id is not None:
        gathering.skipped = [*gathering.skipped, gathering.host_id]
    gathering.host_id = None
    gathering.host_confirmed_at = None
    turn.db.flush()
    series = turn.db.get(Series, gathering.series_id) if gathering.series_id is not None else None
    following = assign_by_rota(turn, gathering) if series is not None and series.rota else None
    turn.cancel("silent", gathering.id)
    waits_first(turn, gathering, hosted)
    if following is None:
        _call_out_if_near(turn, gathering, vacated=vacated)
    elif gathering.starts_at - turn.now <= CONFIRM:
        _ask(turn, gathering, following)
    return following


# ------------------------------------------------------------------------------------------------ asking the host


@ritual.timer("confirm")
def ask_to_confirm(turn: Turn) -> None:
    """Ask its host, two days ahead, whether they still host it; who is away then or has left is not asked."""
    gathering = _announced(turn)
    if gathering is None or gathering.host_id is None or gathering.host_confirmed_at is not None:
        return
    host = find_host(turn, gathering)
    if host is None:
        look_after_host(turn, gathering)
    elif away_ids(turn.db, [host.id], at=gathering.starts_at):
        pass_on(turn, gathering)
        note_change(turn, gathering)
    elif away_ids(turn.db, [host.id], at=turn.now):
        turn.later(_back(turn, host), "confirm", gathering.id)
    elif not _is_asked(turn, gathering):
        _ask(turn, gathering, host)


def _back(turn: Turn, host: Member) -> datetime:
    """Tell when somebody is back who is away now, and not for ever."""
    breaks = select(func.max(Away.end)).where(Away.member_id == host.id, Away.start <= turn.now, Away.end > turn.now)
    return turn.db.scalar(breaks) or turn.now + LOOK_AGAIN


def _ask(turn: Turn, gathering: Gathering, host: Member) -> None:
    view = views.still_hosting(turn.movement.name, read_shown(turn, gathering), turn.action)
    turn.dm(host, _question(gathering, host), view, about=str(gathering.id))
    # Half of the time that is left once they can read it is theirs: asked two days ahead, that is a day.
    told_at = turn.quiet_until(host)
    turn.later(told_at + (gathering.starts_at - told_at) / 2, "silent", gathering.id)


def _is_asked(turn: Turn, gathering: Gathering) -> bool:
    """Tell whether its host was asked about this very time."""
    host = find_host(turn, gathering)
    if host is None:
        return False
    return _was_posted(turn, _question(gathering, host))


def _was_posted(turn: Turn, key: str) -> bool:
    ours = select(Post.id).where(Post.movement_id == turn.movement.id, Post.key == f"{ritual.name}:{key}")
    return turn.db.scalar(ours) is not None


def _question(gathering: Gathering, host: Member) -> str:
    # Moved, it is another question.
    return f"confirm:{gathering.id}:{host.id}:{int(gathering.starts_at.timestamp())}"


def _settle_question(turn: Turn, gathering: Gathering, host: Member, said: str) -> None:
    """Let the question rest: it is taken back where nobody has seen it, and says so where somebody has."""
    turn.withdraw(_question(gathering, host))
    settled = views.question_settled(read_shown(turn, gathering), said)
    turn.dm(host, _question(gathering, host), settled, about=str(gathering.id))


@ritual.press("host-sure")
def confirm(turn: Turn) -> Answer:
    """Note that its host is sure."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    if gathering.state != "announced" or gathering.host_id != turn.who.id:
        return Whisper("This is settled already. Thank you.")
    gathering.host_confirmed_at = turn.now
    turn.cancel("silent", gathering.id)
    _settle_question(turn, gathering, turn.who, "You host it. Thank you.")
    return Whisper("Thank you. You can still hand it on with More on its card.")


@ritual.timer("silent")
def notice_silence(turn: Turn) -> None:
    """Tell organizers that a host has not confirmed; co-host and organizers may take it a day ahead."""
    gathering = _announced(turn)
    if gathering is None or gathering.host_id is None or gathering.host_confirmed_at is not None:
        return
    host = find_host(turn, gathering)
    if host is None:
        look_after_host(turn, gathering)
        return
    told = {member.id: member for member in organizers(turn.db, turn.movement.id)}
    co_host = turn.db.get(Member, gathering.co_host_id) if gathering.co_host_id is not None else None
    if co_host is not None and co_host.left_at is None:
        told[co_host.id] = co_host
    away = away_ids(turn.db, told, at=turn.now)
    view = views.not_confirmed(turn.movement.name, read_shown(turn, gathering), turn.action)
    for member in told.values():
        if member.id != host.id and member.id not in away:
            turn.dm(member, f"silent:{gathering.id}:{member.id}", view, about=str(gathering.id))


def _announced(turn: Turn) -> Gathering | None:
    gathering = find(turn, turn.about)
    return gathering if gathering is not None and is_ahead(turn, gathering) else None


def is_ahead(turn: Turn, gathering: Gathering) -> bool:
    """Tell whether a gathering is still to be; also one that somebody has started before its time."""
    return gathering.state in ("announced", "under way") and gathering.starts_at > turn.now


# ------------------------------------------------------------------------------------------------ the open slot


@ritual.timer("call-out")
def call_out(turn: Turn) -> None:
    """Call an open host slot out in the channel, once, three days ahead."""
    gathering = _announced(turn)
    if gathering is None:
        return
    if gathering.host_id is not None:
        look_after_host(turn, gathering)
    if gathering.host_id is None:
        _call_out(turn, gathering)


def _call_out_if_near(turn: Turn, gathering: Gathering, *, vacated: bool) -> None:
    if gathering.shown_at is not None and gathering.starts_at - turn.now <= CALL_OUT:
        _call_out(turn, gathering, vacated=vacated)


def _call_out(turn: Turn, gathering: Gathering, *, vacated: bool = False) -> None:
    view = views.open_slot(read_shown(turn, gathering), turn.action)
    first, again = _calls(gathering)
    # Nobody looks at an old call once more: on the last day there is a new one for a slot that was taken meanwhile.
    if vacated and gathering.starts_at - turn.now <= SILENT and _was_posted(turn, first):
        turn.show(again, view, about=str(gathering.id))
    turn.show(first, view, about=str(gathering.id))


def _calls(gathering: Gathering) -> tuple[str, str]:
    return f"open:{gathering.id}", f"open:{gathering.id}:again"


def _settle_calls(turn: Turn, gathering: Gathering, said: Message) -> None:
    """Let the calls for a host rest: they are taken back where nobody has seen them, and say so where somebody has."""
    for key in _calls(gathering):
        turn.withdraw(key)
        turn.show(key, said, about=str(gathering.id))


@ritual.press("host")
def take_slot(turn: Turn) -> Answer:
    """Take the open slot; or, when its host has not confirmed a day ahead, take over as co-host or organizer."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    if not is_ahead(turn, gathering):
        return PAST
    host = find_host(turn, gathering)
    if host is not None and host.id == turn.who.id:
        return Whisper("You host it already. Thank you.")
    if host is not None and not _may_take_over(turn, gathering):
        return Whisper(f"{host.name} hosts it already. Thank you for offering.")
    if host is not None:
        said = f"{turn.who.name} hosts it now, since it was near and not confirmed. Nothing is left for you to do."
        _settle_question(turn, gathering, host, said)
    become_host(turn, gathering, turn.who)
    return views.you_host(read_shown(turn, gathering), turn.action)


def _may_take_over(turn: Turn, gathering: Gathering) -> bool:
    near = gathering.host_confirmed_at is None and gathering.starts_at - turn.now <= SILENT
    return near and (turn.who.role in ORGANIZERS or turn.who.id == gathering.co_host_id)


def become_host(turn: Turn, gathering: Gathering, member: Member) -> None:
    """Make somebody its host, who has said yes to that."""
    hosted = hosts_of(gathering)
    gathering.host_id = member.id
    if gathering.co_host_id == member.id:
        gathering.co_host_id = None
    gathering.host_confirmed_at = turn.now if is_fresh(turn, gathering) else None
    gathering.skipped = [one for one in gathering.skipped if one != member.id]
    _drop_request(turn, gathering, f"{member.name} hosts it.")
    waits_first(turn, gathering, hosted)
    note_change(turn, gathering)
    _settle_calls(turn, gathering, views.slot_taken(read_shown(turn, gathering), member.name))


def note_change(turn: Turn, gathering: Gathering) -> None:
    """Note that a gathering is not what it was, for calendars, and show it."""
    gathering.revision += 1
    gathering.changed_at = turn.now
    turn.db.flush()
    fill_places(turn, gathering)  # whoever hosts it takes no place
    show_card(turn, gathering)


# ------------------------------------------------------------------------------------------------ handing it on


@ritual.press("host-off")
def step_down(turn: Turn) -> Answer:
    """Host it no more, as host or as co-host."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    if not is_ahead(turn, gathering):
        return PAST
    if gathering.co_host_id == turn.who.id:
        hosted = hosts_of(gathering)
        gathering.co_host_id = None
        first = waits_first(turn, gathering, hosted)
        note_change(turn, gathering)
        return Whisper(f"All right, you are not its co-host any more.{FULL if first else ''}")
    if gathering.host_id != turn.who.id:
        return Whisper("Somebody else hosts it now, so there is nothing to hand on.")
    if gathering.host_confirmed_at is None:
        _settle_question(turn, gathering, turn.who, "You can't host it this time. Thank you for saying so.")
    following = pass_on(turn, gathering)
    note_change(turn, gathering)
    row = find_answer(turn, gathering, turn.who)
    full = FULL if row is not None and row.answer == "waiting" else ""
    if following is not None:
        return Whisper(f"All right. By the rota it is {following.name}'s turn; I ask them in good time.{full}")
    return Whisper(f"All right. The slot is open now, and anybody may take it.{full}")


@ritual.press("host-ask")
def open_request(turn: Turn) -> Answer:
    """Ask whom to ask whether they host it."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    if not is_ahead(turn, gathering):
        return PAST
    if not may_change(turn, gathering):
        return NOT_YOURS
    return forms.ask_host_form(turn.action("host-ask", gathering.id))


@ritual.submit("host-ask")
def request(turn: Turn) -> Answer:
    """Ask somebody in private; until they say yes it stays as it is."""
    gathering = find(turn, turn.about)
    if gathering is None or not is_ahead(turn, gathering):
        return Problems({"": "This gathering has begun, is over or was cancelled."})
    if not may_change(turn, gathering):
        return Problems({"": "Only its host and organizers can do this."})
    member = find_present(turn.db, turn.movement, turn.answers.one("whom"))
    if member is None:
        return Problems({"whom": "Please choose a member of this movement."})
    if member.id == gathering.host_id:
        return Problems({"whom": f"{member.name} hosts it already."})
    if member.id == turn.who.id:
        become_host(turn, gathering, turn.who)
        return views.you_host(read_shown(turn, gathering), turn.action)
    if away_ids(turn.db, [member.id], at=turn.now):
        return Problems({"whom": f"{member.name} is away now. Please choose somebody else."})
    _drop_request(turn, gathering, "Somebody else was asked.")
    gathering.asked_id = member.id
    view = views.asked_to_host(turn.movement.name, read_shown(turn, gathering), turn.who.name, turn.action)
    turn.dm(member, _request(gathering, member), view, about=str(gathering.id))
    return Whisper(f"I ask {member.name} in private. Until they say yes, it stays as it is.")


def _request(gathering: Gathering, member: Member) -> str:
    return f"asked:{gathering.id}:{member.id}"


def _drop_request(turn: Turn, gathering: Gathering, said: str) -> None:
    member = turn.db.get(Member, gathering.asked_id) if gathering.asked_id is not None else None
    gathering.asked_id = None
    if member is None:
        return
    turn.withdraw(_request(gathering, member))
    settled = views.question_settled(read_shown(turn, gathering), said)
    turn.dm(member, _request(gathering, member), settled, about=str(gathering.id))


@ritual.press("swap-yes")
def accept(turn: Turn) -> Answer:
    """Take over, as one was asked to."""
    gathering = _asked(turn)
    if gathering is None:
        return Whisper("This is settled already. Thank you.")
    before = find_host(turn, gathering)
    if before is not None:
        _settle_question(turn, gathering, before, f"{turn.who.name} hosts it.")
        told = views.handed_on(read_shown(turn, gathering), turn.who.name, asked=True)
        turn.dm(before, f"handed:{gathering.id}:{turn.who.id}", told, about=str(gathering.id))
    become_host(turn, gathering, turn.who)
    return views.you_host(read_shown(turn, gathering), turn.action)


@ritual.press("swap-no")
def decline(turn: Turn) -> Answer:
    """Say no, which is fine."""
    gathering = _asked(turn)
    if gathering is None:
        return Whisper("This is settled already. Thank you.")
    _drop_request(turn, gathering, "You can't this time. Thank you for saying so.")
    asker_id = gathering.host_id or gathering.announced_by_id
    asker = turn.db.get(Member, asker_id) if asker_id is not None else None
    if asker is not None and asker.left_at is None:
        told = views.handed_on(read_shown(turn, gathering), turn.who.name, asked=False)
        turn.dm(asker, f"declined:{gathering.id}:{turn.who.id}", told, about=str(gathering.id))
    return Whisper("All right, thank you for saying so.")


def _asked(turn: Turn) -> Gathering | None:
    gathering = find(turn, turn.about)
    theirs = gathering is not None and is_ahead(turn, gathering) and gathering.asked_id == turn.who.id
    return gathering if theirs else None
