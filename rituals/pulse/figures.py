"""The figures of a pulse in words: everything to organizers, the active side to everybody. Made from plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.insights.newcomers import Activation
from bot.insights.numbers import Change, Portion, change, half_up, mean
from bot.insights.participation import Verdict
from bot.insights.promises import FollowThrough
from bot.insights.pulse import Pulse, Talk
from bot.insights.purposes import Purposes, spoken_purposes
from rituals.pulse.declaration import FEWEST

DAY = timedelta(days=1)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_VERDICTS: dict[Verdict, str] = {
    "real": "those who talk also act",
    "watch": "many talk, some of them act",
    "illusion": "much talk, few act",
    "too few to tell": "too few to tell",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its key, what it is called, and what it says now. ``active``: it may be shown to everybody."""

    key: str
    name: str
    said: str
    active: bool = True


def tell(pulse: Pulse, *, purposes: Purposes, energy: Sequence[int] = (), looking_back: str = "") -> list[Figure]:
    """Put all figures into words, the headline first; of the last two only what there is."""
    return list(_tell(pulse, purposes, tuple(energy), looking_back))


def _tell(pulse: Pulse, purposes: Purposes, energy: tuple[int, ...], looking_back: str) -> Iterator[Figure]:
    yield Figure("activation", "Did something", _trend(pulse.activation.now, pulse.activation.change))
    yield Figure("turned-up", "Came to a gathering", _trend(pulse.turned_up.now, pulse.turned_up.change))
    yield Figure("fair", "Came, of who could have", _fair(pulse), active=False)
    yield Figure("show-up", "Said yes and came", _show_up(pulse))
    yield Figure("talk", "Talk against turning up", _talk(pulse.verdict, pulse.talk), active=False)
    yield Figure("ladder", "Who does how much", _ladder(pulse), active=False)
    yield Figure("first-step", "Newcomers' first step", pulse.first_step.said, active=False)
    yield Figure("time-to-act", "Until newcomers act", _time(pulse.activation_time), active=False)
    yield Figure("promises", "Promises kept in time", _promises(pulse.follow_through))
    yield Figure("response", "Answer a check-in", pulse.response.said)
    yield Figure("leaders", "People who led", _leaders(pulse))
    yield Figure("mix", "What it was for", spoken_purposes(purposes))
    if looking_back:
        yield Figure("looking-back", "Looking back", looking_back, active=False)
    if energy:
        yield Figure("energy", "Energy", f"{mean(energy)} of 5 ({len(energy)} people)")


def _trend(now: Portion, changed: Change) -> str:
    if not now.whole:
        return now.said
    since = {"up": "up", "down": "down"}.get(changed)
    return f"{now.said}, {f'{since} since the month before' if since else changed}"


def _fair(pulse: Pulse) -> str:
    none = pulse.no_slot
    return pulse.fair.said + (f"; {none} had no gathering that they could make" if none is not None else "")


def _show_up(pulse: Pulse) -> str:
    if pulse.missing:
        return pulse.missing
    said = _trend_of_gatherings(pulse)
    walked_in = pulse.show_up.walk_ins
    return f"{said}; {walked_in} came without a yes" if walked_in else said


def _trend_of_gatherings(pulse: Pulse) -> str:
    now, before = pulse.show_up.kept, pulse.show_up_before.kept
    if not now.whole:
        return now.said
    changed = change(before, now)
    return f"{now.said}, {changed} since the 90 days before" if changed in ("up", "down") else f"{now.said}, {changed}"


def _talk(verdict: Verdict, talk: Talk | None) -> str:
    if talk is None:
        return _VERDICTS["too few to tell"]
    said = f"{talk.reach.said} of who was seen did something; {talk.listening.said} are listening in"
    return said if verdict == "too few to tell" else f"{_VERDICTS[verdict]}: {said}"


def _ladder(pulse: Pulse) -> str:
    rungs = pulse.rungs
    if not pulse.activation.now.whole:
        return pulse.activation.now.said
    said = [f"leading {rungs.leading}", f"core {rungs.core}", f"activated {rungs.activated}"]
    if rungs.digital_only is not None and rungs.listening is not None:
        said += [f"in the chat only {rungs.digital_only}", f"listening in {rungs.listening}"]
    return ", ".join(said)


def _time(activation: Activation) -> str:
    if not activation.people:
        return "no data yet"
    if activation.people < FEWEST:
        return "too few to tell"
    if activation.median is None:
        return "fewer than half so far"
    days = half_up(activation.median / DAY)
    return f"half of them within {'a day' if days <= 1 else f'{days} days'}"


def _promises(figure: FollowThrough) -> str:
    if figure.counted < FEWEST:
        return "told when five have come due"
    moved = f", {figure.renegotiated} of them moved in good time" if figure.renegotiated else ""
    return Portion(figure.on_time, figure.counted).said + moved


def _leaders(pulse: Pulse) -> str:
    return ", ".join(f"{MONTHS[month.month - 1]} {count}" for month, count in pulse.leaders)
