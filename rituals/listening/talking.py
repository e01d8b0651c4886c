"""What those of a talk say of it: that it took place, not yet, or not; and what is written down then."""

from __future__ import annotations

from sqlalchemy import delete, update

from bot.chat import Answer, Whisper
from bot.insights.talks import NOT_YET, WONT, YES
from bot.ledger import record
from bot.tables import Act
from bot.turn import Turn, read_number
from rituals.listening import views
from rituals.listening.closing import find_round, judge_round
from rituals.listening.declaration import ritual
from rituals.listening.shown import correct, how, show
from rituals.listening.tables import Listener, ListeningPair
from rituals.listening.talks import Talk, find_mine, is_final, seated, verdict_of

NOT_THERE = "This talk is not there any more."
LONG_OVER = "This round has been over for more than a week, so it stays as it is."


def find_open_mine(turn: Turn) -> Talk | Whisper:
    """Find one's own talk, if something can still be said about it."""
    talk = find_mine(turn)
    if talk is None:
        return Whisper(NOT_THERE)
    return Whisper(LONG_OVER) if is_final(turn, talk) else talk


@ritual.press("talked")
def say_yes(turn: Turn) -> Answer:
    """Say that one has talked."""
    talk = find_open_mine(turn)
    if isinstance(talk, Whisper):
        return talk
    note_yes(turn, talk)
    state = how(talk)
    others = [one.name for one in talk.others(turn.who)]
    return views.said_yes(others, talk.occurrence.id, turn.action, how=state)


def note_yes(turn: Turn, talk: Talk) -> None:
    """Note that somebody says they have talked; whoever has said nothing is told of it, and may say no."""
    before = how(talk)
    if not _say(turn, talk, YES):
        return
    after = how(talk)
    silent = [member.id for seat, member in talk.seats if seat.says != YES and member.left_at is None]
    correct(turn, talk, cards=after != before, asks=silent if after == "open" else ())


@ritual.press("not-yet")
def say_not_yet(turn: Turn) -> Answer:
    """Say that one has not talked yet."""
    talk = find_open_mine(turn)
    if isinstance(talk, Whisper):
        return talk
    before = how(talk)
    if _say(turn, talk, NOT_YET):
        correct(turn, talk, cards=how(talk) != before)
    return views.said_not_yet(show(turn, talk, turn.who).until)


@ritual.press("wont")
def say_no(turn: Turn) -> Answer:
    """Say that one can't talk this round, or that one did not; the others go first next time."""
    talk = find_open_mine(turn)
    if isinstance(talk, Whisper):
        return talk
    before = how(talk)
    if _say(turn, talk, WONT):
        call_off(turn, talk, before=before)
    others = [one.name for one in talk.others(turn.who)]
    return views.said_no(others, told=how(talk) == "off", number=talk.occurrence.id, action=turn.action)


def call_off(turn: Turn, talk: Talk, *, before: str) -> None:
    """Tell those who are left, where too few are left to talk, and let them go first in the next round."""
    after = how(talk)
    called_off = after == "off" and before != "off"
    left = [member.id for seat, member in talk.seats if seat.says != WONT and member.left_at is None]
    correct(turn, talk, cards=after != before, asks=left if called_off else ())
    if called_off:
        those = Listener.member_id.in_(left)
        turn.db.execute(update(Listener).where(those).values(waits=Listener.waits + 1))


def _say(turn: Turn, talk: Talk, word: str) -> bool:
    """Keep what somebody says; tells whether it is new. A second tap changes nothing."""
    seat = talk.seat_of(turn.who)
    if seat.says == word:
        return False
    seat.says, seat.said_at = word, turn.now
    turn.db.flush()
    settle(turn, talk)
    return True


def settle(turn: Turn, talk: Talk) -> None:
    """Write into the ledger who talked, once it is certain, and out of it again where it turns out not to be so."""
    verdict = verdict_of(turn, talk)
    for _, member in talk.seats:
        once = f"listening:{talk.occurrence.id}:{member.id}"
        if member.id in verdict.came and verdict.at is not None:
            record(
                turn.db,
                member,
                "attended",
                at=verdict.at,
                once=once,
                occurrence_id=talk.occurrence.id,
                evidence="said so",
            )
            turn.db.execute(update(Listener).where(Listener.member_id == member.id).values(waits=0))
        else:
            turn.db.execute(delete(Act).where(Act.movement_id == turn.movement.id, Act.once == once))
    talk.pair.talked_at = verdict.at if verdict.came else None
    about = f"{talk.occurrence.id}/{talk.pair.id}"
    if verdict.stands_at is not None:
        turn.later(verdict.stands_at, "stands", about)
    else:
        turn.cancel("stands", about)
    if talk.occurrence.state != "open":
        judge_round(turn, talk.occurrence)


@ritual.timer("stands")
def let_stand(turn: Turn) -> None:
    """Let one person's word stand when nobody has said no for three days."""
    about, _, number = turn.about.partition("/")
    occurrence, pair_id = find_round(turn, about), read_number(number)
    pair = turn.db.get(ListeningPair, pair_id) if pair_id is not None else None
    if occurrence is None or pair is None or pair.occurrence_id != occurrence.id:
        return
    talk = seated(turn, pair, occurrence)
    settle(turn, talk)
    correct(turn, talk, cards=True)
