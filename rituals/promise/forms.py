"""What the promise ritual asks people to fill in."""

from __future__ import annotations

from bot.chat import ANSWER_LIMIT, Action, Choice, Form, Option, People, When, Words, shorten
from bot.promises import WHAT_MOST

SHOWN = (Option("Everybody in the movement", "all"), Option("Only those named here", "named"))


def promise_form(what: str, owner: str, day: str, hint: str, action: Action) -> Form:
    """Ask who does what by when, with what is known filled in. Too long a line comes back whole, to be shortened."""
    long = len(what.encode("utf-16-le")) // 2 > WHAT_MOST
    return Form(
        "A promise",
        action,
        Words(
            name="what",
            label="What will be done?",
            hint="One small thing, such as: Call the harbour office",
            value=shorten(what, limit=ANSWER_LIMIT) if long else what,
            long=long,
            most=ANSWER_LIMIT if long else WHAT_MOST,
        ),
        People(
            name="owner",
            label="Who does it?",
            hint="Anybody else than you is asked first, in private.",
            value=(owner,),
            required=False,
        ),
        When(name="by", label="By when?", hint=hint or "The last day on which it still helps.", value=day),
        People(
            name="co-owner", label="Who does it with them?", hint="They are asked, too. May stay empty.", required=False
        ),
        Choice(name="shown", label="Who may see it?", options=SHOWN, value=("all",)),
        submit="Promise",
    )


def more_time_form(day: str, due: str, action: Action) -> Form:
    """Ask for a new day."""
    return Form(
        "More time",
        action,
        When(name="by", label="By which day instead?", hint=f"Until now it is {due}.", value=day),
        submit="Move it",
    )
