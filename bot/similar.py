"""Which short notes seem to say the same: groups to propose, which a person confirms, splits, merges and renames.

Whatever the language, and without any word leaving the machine: notes are alike when they share words, or word parts
that few other notes on the same board have. The same thing said in other words is not recognised.
"""

from __future__ import annotations

import heapq
import math
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import mul

from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

# Every two notes of a group are at least so alike, from 0 to 1. Measured (tests/bench/test_grouping.py), and rather too
# high than too low: a person merges two groups with a tap, while a wrong group must first be seen to be one.
ALIKE = 0.55
# Two notes that share only what most notes on the board have are not alike, however many such words they share.
LEAST_RARE = 0.15
# A word tells nothing where more than a third of the notes have it; a few notes may have the same word anyhow.
COMMON_SHARE = 1 / 3
COMMON_LEAST = 5
# What follows in a long note says little about whether two notes mean the same, and takes time to compare.
MOST = 200
GRAM = 3

Pair = tuple[int, int]


def propose_groups(notes: Sequence[str]) -> list[list[int]]:
    """Propose groups, as places in the row of notes: the biggest first, then each note that stands alone.

    A group begins with the note that is most like the others in it. In whatever order the notes come, the same notes
    make the same groups in the same order, so that it tells nothing about who wrote first.
    """
    order = sorted(range(len(notes)), key=notes.__getitem__)
    alike = _compare(_without_common_words([_plain(notes[place]) for place in order]))
    groups = [_central_first(group, alike) for group in _gather(len(order), alike)]
    groups.sort(key=lambda group: (-len(group), group[0]))
    return [[order[place] for place in group] for group in groups]


def _plain(note: str) -> str:
    """Leave letters and figures, without case and accents; where there are none, such as in emoji, everything."""
    folded = unicodedata.normalize("NFKD", note.casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in bare).split()
    return unicodedata.normalize("NFC", " ".join(words or bare.split()))[:MOST]


def _without_common_words(notes: Sequence[str]) -> list[str]:
    """Leave out what so many notes say that it tells none of them apart ('we should have …')."""
    having = Counter(word for note in notes for word in {*note.split()})
    most = max(COMMON_LEAST, len(notes) * COMMON_SHARE)
    return [" ".join(word for word in note.split() if having[word] <= most) or note for note in notes]


def _compare(notes: Sequence[str]) -> dict[Pair, float]:
    """Give every two notes that are alike enough, and how much: the mean of three ways to look at it.

    Each way is told how much is still needed; most pairs are far from it, which is soon seen.
    """
    rare = _rare_parts(notes)
    alike: dict[Pair, float] = {}
    for two, second in enumerate(notes):
        for one in range(two):
            figure = _cosine(rare[one], rare[two])
            if figure < LEAST_RARE:
                continue
            first = notes[one]
            figure += token_set_ratio(first, second, score_cutoff=100 * (3 * ALIKE - figure - 1)) / 100
            figure += token_sort_ratio(first, second, score_cutoff=100 * (3 * ALIKE - figure)) / 100
            if figure >= 3 * ALIKE:
                alike[one, two] = figure / 3
    return alike


def _rare_parts(notes: Sequence[str]) -> list[Mapping[int, float]]:
    """Weigh the three-letter parts of each note's words: the fewer notes have one, the more it counts."""
    counted = [Counter(_parts(note)) for note in notes]
    having = Counter(part for parts in counted for part in parts)
    number = {part: place for place, part in enumerate(having)}
    weighed: list[Mapping[int, float]] = []
    for parts in counted:
        weights = {number[part]: (1 + math.log(n)) * math.log1p(len(notes) / having[part]) for part, n in parts.items()}
        length = math.hypot(*weights.values())
        weighed.append({part: weight / length for part, weight in weights.items()})
    return weighed


def _parts(note: str) -> list[str]:
    words = (f" {word} " for word in note.split())
    return [word[at : at + GRAM] for word in words for at in range(len(word) - GRAM + 1)]


def _cosine(one: Mapping[int, float], two: Mapping[int, float]) -> float:
    # Parts are numbers because a set of words has another order in each run, which the last digit of a sum would show.
    shared = one.keys() & two.keys()
    product: float = sum(map(mul, map(one.__getitem__, shared), map(two.__getitem__, shared)))
    return product


def _gather(count: int, alike: Mapping[Pair, float]) -> list[list[int]]:
    """Join the two groups that are most alike, judged by their two least alike notes, as long as there are such."""
    groups = {place: [place] for place in range(count)}
    near: dict[int, dict[int, float]] = {place: {} for place in range(count)}
    for (one, two), figure in alike.items():
        near[one][two] = near[two][one] = figure
    waiting = [(-figure, one, two) for (one, two), figure in alike.items()]
    heapq.heapify(waiting)
    while waiting:
        negative, one, two = heapq.heappop(waiting)
        if one not in groups or near[one].get(two) != -negative:
            continue  # one of them was joined to another, and the two are less alike since
        groups[one] += groups.pop(two)
        of_one, of_two = near.pop(one), near.pop(two)
        for other in {*of_one, *of_two} - {one, two}:
            near[other].pop(one, None)
            near[other].pop(two, None)
        near[one] = {other: min(of_one[other], of_two[other]) for other in of_one if other in of_two}
        for other, figure in near[one].items():
            near[other][one] = figure
            heapq.heappush(waiting, (-figure, min(one, other), max(one, other)))
    return list(groups.values())


def _central_first(group: list[int], alike: Mapping[Pair, float]) -> list[int]:
    def closeness(place: int) -> float:
        return sum(alike[min(place, other), max(place, other)] for other in group if other != place)

    central = min(group, key=lambda place: (-closeness(place), place))
    return [central, *sorted(place for place in group if place != central)]
