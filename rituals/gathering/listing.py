"""What comes next, what can be done about one, and what a host owes: the list, More, and one's own page."""

from __future__ import annotations

from sqlalchemy import select

from bot import rota
from bot.chat import Answer, Whisper
from bot.people import away_ids
from bot.ritual import Glimpse
from bot.tables import Gathering, Practice, Rsvp
from bot.turn import Turn
from rituals.gathering import calendar, messages, notes_promise, views
from rituals.gathering.answered import counts
from rituals.gathering.declaration import ritual, typed
from rituals.gathering.gatherings import find, may_change, name_of, read_card, read_shown, show_card
from rituals.gathering.hosting import CONFIRM, NOT_THERE, find_host, is_ahead
from rituals.gathering.opening import may_call_roll, runs
from rituals.gathering.record import told_by
from rituals.gathering.seats import hosts_of
from rituals.gathering.series import coming, find_series
from rituals.gathering.times import may_start, takes_words
from rituals.gathering.views import Coming, Rota
from rituals.gathering.waiting import owed as kept_places

SHOWN_MOST = 10
ON_PAGE_MOST = 3
MINE = {
    "going": "You are going.",
    "maybe": "You may come.",
    "cant": "You can't come.",
    "waiting": "You wait for a place.",
    "offered": "A place is kept for you.",
}


@typed("list")
def show_list(turn: Turn) -> Answer:
    """Show what comes next."""
    ahead = next_ones(turn)
    answers = _my_answers(turn, ahead)
    lines = [
        Coming(read_shown(turn, one), counts(turn, one).going, name_of(turn, one.host_id), _mine(turn, one, answers))
        for one in ahead[:SHOWN_MOST]
    ]
    return views.listed(turn.movement.name, lines, max(0, len(ahead) - SHOWN_MOST), turn.action)


@typed("calendar")
def show_calendar(turn: Turn) -> Answer:
    """Show how gatherings come into one's own calendar."""
    return calendar.offer(turn)


def next_ones(turn: Turn) -> list[Gathering]:
    """List the gatherings that are on or still to be, the next one first."""
    ahead = (
        select(Gathering)
        .where(Gathering.movement_id == turn.movement.id, Gathering.state.in_(("announced", "under way")))
        .order_by(Gathering.starts_at, Gathering.id)
    )
    return [one for one in turn.db.scalars(ahead) if one.state == "under way" or one.starts_at > turn.now]


def _my_answers(turn: Turn, those: list[Gathering]) -> dict[int, str]:
    ids = [one.id for one in those]
    mine = select(Rsvp.gathering_id, Rsvp.answer).where(Rsvp.member_id == turn.who.id, Rsvp.gathering_id.in_(ids))
    answers: dict[int, str] = dict(turn.db.execute(mine).all())
    return answers


def _mine(turn: Turn, gathering: Gathering, answers: dict[int, str]) -> str:
    if gathering.host_id == turn.who.id:
        return "You host it."
    return MINE.get(answers.get(gathering.id, ""), "")


@ritual.press("open")
def open_one(turn: Turn) -> Answer:
    """Show the one that was picked, with all that can be done about it."""
    gathering = find(turn, turn.choice)
    if gathering is None:
        return NOT_THERE
    return views.opened(read_card(turn, gathering), ways(turn, gathering), turn.action)


@ritual.press("more")
def more(turn: Turn) -> Answer:
    """Show what can be done about a gathering, as this person may."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return NOT_THERE
    show_card(turn, gathering)  # a host may have left since it was drawn
    host = messages.host_words(name_of(turn, gathering.host_id), name_of(turn, gathering.co_host_id))
    return views.more(read_shown(turn, gathering), host, ways(turn, gathering), turn.action)


def ways(turn: Turn, gathering: Gathering) -> views.Rows:
    """Tell what somebody may do about a gathering: rows of labels with their verbs."""
    ahead = is_ahead(turn, gathering)
    mine = may_change(turn, gathering)
    own: list[tuple[str, str]] = []
    if ahead:
        own.append(("For my calendar", "calendar"))
    if gathering.state == "over":
        own.append(("Was I there?", "correct"))
    if find_series(turn, gathering) is not None:
        own.append(("Who hosts", "rota"))
    own += notes_promise.ways(turn, gathering)
    changing = [("Time and place", "change"), ("Details", "details"), ("Cancel it", "cancel")] if ahead and mine else []
    changing += notes_promise.asking(turn, gathering) if mine else []
    return [own, _hosting(turn, gathering), changing]


def _hosting(turn: Turn, gathering: Gathering) -> list[tuple[str, str]]:
    ahead = is_ahead(turn, gathering)
    hosting: list[tuple[str, str]] = []
    leads = told_by(turn, gathering, "lead")
    if may_start(gathering, turn.now) and (not leads or turn.who.id in hosts_of(gathering) - leads):
        hosting.append(("Start", "start"))
    if runs(turn, gathering, turn.who) and takes_words(gathering, turn.now):
        hosting.append(("The word", "word"))
    if may_call_roll(turn, gathering, turn.who) and gathering.state in ("under way", "over"):
        hosting.append(("Roll call", "roll"))
    if ahead and find_host(turn, gathering) is None:
        hosting.append(("Host it", "host"))
    if ahead and turn.who.id in (gathering.host_id, gathering.co_host_id):
        hosting.append(("I can't host it", "host-off"))
    if ahead and may_change(turn, gathering):
        hosting.append(("Ask somebody to host", "host-ask"))
    return hosting


# ------------------------------------------------------------------------------------------------ the rota


@ritual.press("rota")
def show_rota(turn: Turn) -> Answer:
    """Show who hosts the next ones of a series, and who takes turns."""
    gathering = find(turn, turn.about)
    series = find_series(turn, gathering) if gathering is not None else None
    if gathering is None or series is None:
        return NOT_THERE
    practice = turn.db.get_one(Practice, series.practice_id)
    order = rota.read_candidates(turn.db, practice, now=turn.now)
    planned = [(turn.moment(one.starts_at), name_of(turn, one.host_id)) for one in coming(turn, series)]
    names = [turn.member(one.member_id).name for one in order]
    on_it = rota.is_on_rota(practice, turn.who)
    shown = Rota(gathering.id, series.title, planned, names, turns=series.rota)
    return views.rota(shown, turn.action, on_it=on_it)


@ritual.press("rota-on")
def step_on(turn: Turn) -> Answer:
    """Take turns from now on."""
    practice = _practice(turn)
    if practice is None:
        return NOT_THERE
    rota.step_on(practice, turn.who)
    return Whisper("Thank you. You are on the rota for the ones that are planned from now on, and you can always skip.")


@ritual.press("rota-off")
def step_off(turn: Turn) -> Answer:
    """Take no turns any more."""
    practice = _practice(turn)
    if practice is None:
        return NOT_THERE
    rota.step_off(practice, turn.who)
    return Whisper("All right, you are not put down any more. What you host already stays yours until you hand it on.")


@ritual.press("rota-go")
def take_turns(turn: Turn) -> Answer:
    """Let hosts take turns."""
    return _set_turns(turn, turns=True)


@ritual.press("rota-stop")
def stop_turns(turn: Turn) -> Answer:
    """Leave each slot open."""
    return _set_turns(turn, turns=False)


def _set_turns(turn: Turn, *, turns: bool) -> Answer:
    gathering = find(turn, turn.about)
    series = find_series(turn, gathering) if gathering is not None else None
    if gathering is None or series is None:
        return NOT_THERE
    if not may_change(turn, gathering):
        return Whisper("Only its hosts and organizers can change this.")
    series.rota = turns
    series.host_id = None
    said = "The hosts take turns" if turns else "Each slot is open"
    return Whisper(f"{said}, from the next one that is planned on. Who is put down already stays.")


def _practice(turn: Turn) -> Practice | None:
    gathering = find(turn, turn.about)
    series = find_series(turn, gathering) if gathering is not None else None
    return turn.db.get_one(Practice, series.practice_id) if series is not None else None


# ------------------------------------------------------------------------------------------------ one's own page


@ritual.home
def glimpse(turn: Turn) -> Glimpse:
    """Show what somebody is asked about as a host, the places that are kept for them, and what comes next."""
    ahead = next_ones(turn)
    answers = _my_answers(turn, ahead)
    owed = [
        part
        for one in ahead
        if _is_asked(turn, one) and not away_ids(turn.db, [turn.who.id], at=turn.now)
        for part in views.owed(read_shown(turn, one), turn.action)
    ]
    on = []
    for one in ahead[:ON_PAGE_MOST]:
        mine = _mine(turn, one, answers)
        on.append(f"{turn.spoken(one.starts_at)}: {one.title}.{' ' + mine if mine else ''}")
    return Glimpse(owed=(*owed[:4], *kept_places(turn)), on=tuple(on))


def _is_asked(turn: Turn, gathering: Gathering) -> bool:
    near = is_ahead(turn, gathering) and gathering.starts_at - turn.now <= CONFIRM
    return near and gathering.host_id == turn.who.id and gathering.host_confirmed_at is None
