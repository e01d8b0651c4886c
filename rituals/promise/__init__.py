"""Promise: who does what by when, kept without pressure and let go without shame."""

from rituals.promise import (
    asking,
    forgetting,
    helping,
    leaving,
    letting_go,
    listing,
    making,
    moving,
    offering,
    reminding,
    samples,
    settling,
)
from rituals.promise.declaration import ritual

__all__ = [
    "asking",
    "forgetting",
    "helping",
    "leaving",
    "letting_go",
    "listing",
    "making",
    "moving",
    "offering",
    "reminding",
    "ritual",
    "samples",
    "settling",
]
