"""What a chat does not let people do: the checks that Slack and Discord make before anything reaches Drumbeat."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.chat import Action, Button, Buttons, Choice, Field, Form, Menu, Message, People, When, Words

SAID_LIMIT = 4000
MOMENT_LIMIT = 40

Answers = Mapping[str, str | tuple[str, ...]]


class RoomError(Exception):
    """Something that the room does not let somebody do; ``field`` is the form's field it is about, if it is."""

    def __init__(self, why: str, *, field: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.field = field


def refuse(broken: bool, why: str, *, field: str = "") -> None:  # noqa: FBT001 - reads as 'refuse if …'
    """Raise the sentence if the condition holds."""
    if broken:
        raise RoomError(why, field=field)


def length(words: str) -> int:
    """Count characters as browsers, Slack and Discord do: in UTF-16 units."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def check_said(words: str) -> None:
    """Refuse to say nothing, or more than fits."""
    refuse(not words.strip(), "There is nothing to send.")
    refuse(length(words) > SAID_LIMIT, f"That is {length(words):,} characters; {SAID_LIMIT:,} fit.")


def check_press(view: Message, action: Action, choice: str) -> None:
    """Refuse a button or a choice that the message doesn't show at this moment."""
    for part in view.parts:
        if isinstance(part, Buttons) and any(isinstance(one, Button) and one.action == action for one in part.row):
            refuse(bool(choice), "A button has nothing to choose from.")
            return
        if isinstance(part, Menu) and part.action == action:
            refuse(choice not in {option.value for option in part.options}, "The menu has no such choice.")
            return
    raise RoomError("The message doesn't show that any more.")


def check_answers(form: Form, answers: Answers, *, people: Collection[str]) -> dict[str, str | tuple[str, ...]]:
    """Give an answer for every field, as it is sent on; refuse what the form could not have been filled with."""
    unknown = sorted(answers.keys() - {field.name for field in form.fields})
    refuse(bool(unknown), f"The form has no field {', '.join(unknown)}.")
    return {field.name: _check_answer(field, answers.get(field.name, ""), people) for field in form.fields}


def _check_answer(field: Field, answer: str | tuple[str, ...], people: Collection[str]) -> str | tuple[str, ...]:
    name = field.name
    refuse(field.required and not answer, f"“{field.label}” needs an answer.", field=name)
    if isinstance(field, Words | When):
        if not isinstance(answer, str):
            raise RoomError(f"“{field.label}” takes words.", field=name)
        most = field.most if isinstance(field, Words) else MOMENT_LIMIT
        why = f"“{field.label}” has {length(answer):,} characters; {most:,} fit."
        refuse(length(answer) > most, why, field=name)
        one_line = not (isinstance(field, Words) and field.long)
        refuse(one_line and "\n" in answer, f"“{field.label}” takes one line.", field=name)
        return answer
    # One pick may be given bare: '4' for ('4',).
    picks = (answer,) if isinstance(answer, str) and answer else tuple(answer)
    refuse(len(set(picks)) < len(picks), f"“{field.label}” has something twice.", field=name)
    _check_picks(field, picks, people)
    return picks


def _check_picks(field: Choice | People, picks: tuple[str, ...], people: Collection[str]) -> None:
    if isinstance(field, Choice):
        most = len(field.options) if field.many else 1
        possible: Collection[str] = {option.value for option in field.options}
        why = f"“{field.label}” has no such choice."
    else:
        most, possible = field.most, people
        why = f"“{field.label}”: only people of this place can be picked."
    refuse(len(picks) > most, f"“{field.label}” takes {most} at most.", field=field.name)
    refuse(not set(picks) <= set(possible), why, field=field.name)
