"""Promise: who does what by when, kept without pressure and let go without shame."""

from rituals.promise import (
    asking,
    helping,
    leaving,
    letting_go,
    listing,
    making,
    moving,
    reminding,
    samples,
    settling,
)
from rituals.promise.declaration import ritual

__all__ = [
    "asking",
    "helping",
    "leaving",
    "letting_go",
    "listing",
    "making",
    "moving",
    "reminding",
    "ritual",
    "samples",
    "settling",
]
