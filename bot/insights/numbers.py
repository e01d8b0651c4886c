"""How small numbers are told: never more exactly than so few people allow."""

from __future__ import annotations

import math

PERCENT_FROM = 20
WORDS_FROM = 5
FEWER = 0.4
MORE = 0.6


def half_up(value: float) -> int:
    """Round halves up."""
    return math.floor(value + 0.5)


def share(part: int, whole: int) -> str:
    """Say k of n: '2 of 4', '3 of 7 (about half)', '45% (9 of 20)'; a percentage only from 20 people on."""
    if whole == 0:
        return "no data yet"
    if whole < WORDS_FROM:
        return f"{part} of {whole}"
    if whole >= PERCENT_FROM:
        return f"{half_up(100 * part / whole)}% ({part} of {whole})"
    if part in (0, whole):
        words = "none" if part == 0 else "all"
    elif part / whole < FEWER:
        words = "fewer than half"
    elif part / whole <= MORE:
        words = "about half"
    else:
        words = "more than half"
    return f"{part} of {whole} ({words})"


def mean(values: tuple[int, ...]) -> str:
    """Say a mean with one decimal, halves up: '3.8'."""
    tenths = half_up(10 * sum(values) / len(values))
    return f"{tenths // 10}.{tenths % 10}"
