"""Rallies: one small ask to many, done within minutes, ticked by oneself and told in one's own words."""

from rituals.rally import coming, doing, ending, forgetting, offering, samples, starting
from rituals.rally.declaration import ritual

__all__ = ["coming", "doing", "ending", "forgetting", "offering", "ritual", "samples", "starting"]
