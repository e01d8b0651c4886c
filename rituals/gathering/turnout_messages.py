"""What is said about who came: numbers to everybody, one's own record to oneself, and to nobody who was not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.chat import Action, Button, Buttons, Form, Message, Moment, Text, Whisper, Words, bold, shorten

Act = Callable[..., Action]
TITLE_ROOM = 200
NAME_ROOM = 100
WORDS_MOST = 80
_SMALL = ("nobody", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NOT_THERE = Whisper("This gathering is not there any more.")


@dataclass(frozen=True, slots=True)
class Turnout:
    """A gathering's two numbers, and what belongs to them; ``happened`` is False where whoever ran it said so."""

    came: int = 0
    yes: int = 0
    walk_ins: int = 0
    guests: int = 0
    recorded: bool = False
    happened: bool = True


def in_words(count: int) -> str:
    """Say a number: 'seven', '13'."""
    return _SMALL[count] if count < len(_SMALL) else str(count)


def turnout_words(turnout: Turnout) -> str:
    """Say how many came and how many had said yes, as two numbers; never who, and nothing about anybody else."""
    if not turnout.happened:
        return "It did not happen this time."
    if not turnout.recorded:
        known = turnout.came + turnout.guests
        if known == 0:
            return "Nobody has told me yet who came."
        verb = "is" if known == 1 else "are"
        return f"{in_words(known).capitalize()} {verb} known to have come; nobody has told me yet of the others."
    total = turnout.came + turnout.guests
    came = f"{in_words(total).capitalize()} came" if total else "Nobody came this time"
    of_these = [
        _part(turnout.walk_ins, "without a yes"),
        _part(turnout.guests, "a guest" if turnout.guests == 1 else "guests"),
    ]
    among = " and ".join(part for part in of_these if part)
    return f"{came}{', ' + among if among else ''}; {in_words(turnout.yes)} had said yes."


def _part(count: int, how: str) -> str:
    if count == 0:
        return ""
    return f"{in_words(count)} as {how}" if how.endswith(("guest", "guests")) else f"{in_words(count)} {how}"


def closed(title: str, turnout: Turnout) -> Message:
    """Tell the thread how many came."""
    return Message(Text(bold(_title(title)), ": ", _lower(turnout_words(turnout))))


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _title(title: str) -> str:
    return shorten(title, limit=TITLE_ROOM)


def _name(name: str) -> str:
    return shorten(name, limit=NAME_ROOM)


# ------------------------------------------------------------------------------------------------ running it


def runs_it(title: str, number: int, action: Act, *, counted: bool = True) -> Whisper:
    """Tell whoever has started a gathering that they run it, and what they can do."""
    down = ", and are down as here" if counted else "; as you asked, nothing is written down about you"
    return Whisper(
        Text("You run ", bold(_title(title)), f" now{down}."),
        "Say the word aloud in the room: whoever writes it under I'm here is down as here, too. You can also call the "
        "roll, now or afterwards; it takes about a minute.",
        _running(number, action),
    )


def stands_in(title: str, number: int, action: Act, *, named: bool, counted: bool = True) -> Whisper:
    """Tell whoever stands in for a host (``named``: there is one) that they run it, and what shows that they did."""
    down = "You are down as having run it once the call, the word or the roll call shows that you were there."
    down = down if counted else "As you asked, nothing is written down about you."
    told = " Its host is told, and can still start it." if named else ""
    return Whisper(
        Text("You run ", bold(_title(title)), f" now, thank you. {down}{told}"),
        "Say the word aloud in the room: whoever writes it under I'm here is down as here. You can also call the roll, "
        "now or afterwards; it takes about a minute.",
        _running(number, action),
    )


def stood_in(movement: str, title: str, name: str, number: int, action: Act) -> Message:
    """Tell a host in private, at once, that somebody runs it in their place."""
    return Message(
        Text(bold(movement), f": {_name(name)} runs ", bold(_title(title)), " now, since nobody had started it."),
        "If you are there, start it, and you run it. If not, nothing is left for you to do.",
        Buttons(Button("Start", action("start", number))),
    )


def _running(number: int, action: Act) -> Buttons:
    return Buttons(Button("Show the word", action("word", number)), Button("Roll call", action("roll", number)))


def offer_to_run(title: str, host: str, number: int, action: Act) -> Whisper:
    """Ask somebody who is not the host whether they run it."""
    who = f"{_name(host)} has not started it yet" if host else "Nobody has started it yet"
    return Whisper(
        Text(f"{who}. If you are there and nobody else runs ", bold(_title(title)), ", you can."),
        Buttons(Button("I'll run it", action("run", number), "primary")),
    )


def the_word(word: str, changes: str, number: int, action: Act) -> Whisper:
    """Show whoever runs it the word of this moment."""
    return Whisper(
        Text("Say this aloud: ", bold(word)),
        f"It changes at {changes}; what you have said stays good for five minutes more. Only you see it, so say it, "
        "and don't write it down where others read.",
        Buttons(Button("Show the next word", action("word", number)), Button("Roll call", action("roll", number))),
    )


def here_form(action: Action) -> Form:
    """Ask for the word that was said aloud."""
    return Form(
        "I'm here",
        action,
        Words(
            name="word",
            label="Which two words were said aloud?",
            hint="Capitals, accents and blanks don't matter.",
            most=WORDS_MOST,
        ),
        submit="I'm here",
    )


# ------------------------------------------------------------------------------------------------ the roll call


def roll_pages(title: str, pages: Iterable[tuple[str, str]], number: int, action: Act) -> Whisper:
    """Offer the pages of a roll call that is too long for one form: a name and what each is about."""
    rows = [Button(label, action("roll-page", about)) for label, about in pages]
    return Whisper(
        Text("The roll call of ", bold(_title(title)), " has several pages; each counts as soon as it is sent."),
        *(Buttons(*rows[start : start + 5]) for start in range(0, len(rows), 5)),
        Buttons(Button("Others, guests, who ran it", action("roll-others", number))),
    )


def rolled(turnout: Turnout, *, held: bool, hosted: bool, number: int, action: Act) -> Whisper:
    """Tell whoever called the roll what is written down now."""
    said = [f"Noted. {turnout_words(turnout)}"]
    if turnout.happened and not hosted:
        said.append("Nobody is down as having run it, so it does not count as held. The roll call can say who did.")
    elif turnout.happened and not held:
        said.append("It counts as held from two people on.")
    said.append("You can correct it at any time within a month.")
    if turnout.happened:
        said.append("Who was seen or wrote the word stays down as here.")
    return Whisper(" ".join(said), Buttons(Button("Roll call", action("roll", number))))


def nudge(movement: str, title: str, at: Moment, known: int, number: int, action: Act) -> Message:
    """Ask the host in private who came."""
    some = f" So far I know of {in_words(known)}." if known else ""
    return Message(
        Text(bold(movement), ": who came to ", bold(_title(title)), " (", at, f")?{some} It takes about a minute."),
        "All three answers are fine, and nobody is named for not coming.",
        Buttons(
            Button("Roll call", action("roll", number), "primary"),
            Button("Nobody came", action("nobody", number)),
            Button("It did not happen", action("not-held", number)),
        ),
    )


def nudge_settled(title: str, said: str) -> Message:
    """Put a nudge to rest."""
    return Message(Text(bold(_title(title)), f": {said}"))


# ------------------------------------------------------------------------------------------------ one's own record


@dataclass(frozen=True, slots=True)
class Own:
    """What stands in the record about somebody: whether they came, and how that is known."""

    title: str
    at: Moment
    says: str
    how: str
    ended: bool = False
    late: bool = False


STANDS = {
    "came": "You are down as having been there",
    "away": "You are down as not having been there",
    "excused": "You are down as excused",
    "unknown": "Nothing is written down about you",
}


def own_record(own: Own, number: int, action: Act) -> Whisper:
    """Show somebody their own record of one gathering, and let them correct it."""
    how = f" ({own.how})" if own.says != "unknown" else ""
    stands = Text(bold(_title(own.title)), ", ", own.at, f": {_lower(STANDS[own.says])}{how}. Only you see this here.")
    if own.ended:
        return Whisper(stands, "Whoever ran it has answered your correction, so it stays. Talk to them if it is wrong.")
    if own.late:
        return Whisper(stands, "It can be corrected within a week, and that has passed.")
    was, was_not = Button("I was there", action("was-there", number)), Button("I wasn't", action("was-not", number))
    ways = {"came": (was_not,), "away": (was,)}.get(own.says, (was, was_not))
    return Whisper(
        stands,
        "You can correct it within a week. Whoever ran it is told, and may answer once.",
        Buttons(*ways),
    )


def corrected(own: Own, number: int, action: Act) -> Whisper:
    """Tell somebody that their record is corrected."""
    undo = Button("I wasn't", action("was-not", number))
    if own.says != "came":
        undo = Button("I was there after all", action("was-there", number))
    return Whisper(
        Text("Corrected. ", bold(_title(own.title)), f": {_lower(STANDS[own.says])}."),
        Buttons(undo),
    )


def correction(movement: str, name: str, title: str, at: Moment, *, came: bool, about: str, action: Act) -> Message:
    """Tell whoever ran it in private what somebody says about themselves; they may say once that it was otherwise."""
    said = "were at" if came else "were not at"
    return Message(
        Text(bold(movement), f": {_name(name)} says that they {said} ", bold(_title(title)), " (", at, ")."),
        "It counts as they say. If that cannot be, say so once, and it stands as you say; they are told.",
        Buttons(Button("That's not so", action("disagree", about))),
    )


def correction_settled(name: str, title: str, said: str) -> Message:
    """Put to rest what somebody said about themselves."""
    return Message(Text(bold(_title(title)), f", {_name(name)}: {said}"))


def disagreed(movement: str, title: str, at: Moment, by: str, *, came: bool) -> Message:
    """Tell somebody kindly that their correction does not stand."""
    down = "having been there" if came else "not having been there"
    return Message(
        Text(
            *(bold(movement), f": {_name(by)} remembers ", bold(_title(title)), " (", at, ") otherwise than you, "),
            f"so you stay down as {down}. Nobody else is told. If it is wrong, a word with {_name(by)} is the way.",
        )
    )
