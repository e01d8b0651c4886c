"""What each figure of a pulse means, in words that can be checked: what is counted, of what, and over which time."""

from __future__ import annotations

DEFINITIONS = {
    "activation": (
        "Of all who could have acted, those who did something in the last 30 days: came to a gathering, kept a "
        "promise, did something on their own, hosted, or carried a task. Talk does not count. 'Could have' leaves "
        "out who is here for less than 14 days, was away half of the time, or chose not to be counted. Compared "
        "with the 30 days before; 'up' and 'down' are only said when chance would rarely make such a difference."
    ),
    "turned-up": ("Of all who could have acted, those who came to a gathering, or hosted one, in the last 30 days."),
    "fair": (
        "Of those who had at least one gathering in 30 days that they could have come to, those who came. A "
        "gathering counts for somebody unless they were away, not here yet, or it was between 22:00 and 07:00 "
        "where they are. Whoever had none is a task for the organizers, not for those people."
    ),
    "show-up": (
        "Over the gatherings of 90 days that were held and of which somebody told who came: of all who had said "
        "yes when it was to begin, those who came. A yes that was taken back before is none. Who came without a "
        "yes is told apart."
    ),
    "talk": (
        "Of those who left any trace in 30 days, those who also did something. From a half on the talk is real; "
        "below a fifth it is an illusion of a movement. It is shown from 10 people on, and only where it points at "
        "nobody."
    ),
    "ladder": (
        "How many stand where, by what they did in 90 days: leading (led something on two days), core (did "
        "something on four days, spread over three months), activated (did something). Nobody's own place is shown "
        "to anybody else."
    ),
    "first-step": (
        "Of those who joined two to ten weeks ago, those who took a first step within 14 days: any answer, promise "
        "or act; a message or a reaction alone is none. Who left again stays in the count."
    ),
    "time-to-act": (
        "How long it takes until half of those who joined in the last 180 days did something, estimated so that "
        "those who have not yet, or left, count as long as they were here."
    ),
    "promises": (
        "Of the promises that came due in 90 days, those done at most a day late, by the date that was agreed in "
        "time. What was let go before its day is not counted."
    ),
    "response": (
        "The share of those asked who answered a check-in before it closed: the middle one of the last eight."
    ),
    "leaders": (
        "How many different people hosted, began something that took place, or carried a task, month by month. A "
        "movement that few can carry stops with them."
    ),
    "mix": (
        "What people did in 90 days at gatherings, listening rounds and rallies, each once at each: how much of it was "
        "mobilizing (getting many to act), and how much organizing (building the group). Both are needed."
    ),
    "looking-back": (
        "Gatherings of the last year of which somebody told who came, each compared with the next one of the same "
        "name: by how many more came after those on which people wrote at least one line, and after the others. The "
        "middle one of each is told, from five of each on. People may look back on what goes well anyway, so it is "
        "no proof of a cause."
    ),
    "energy": (
        "The average of the private energy figures of the last check-in that had at least five of them. Nobody can "
        "tell whose they were."
    ),
}
