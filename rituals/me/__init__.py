"""Me: one's own record, one's place, a next small step, and all that is kept, to correct, take along or delete."""

from rituals.me import choosing, copying, correcting, forgetting, record, rising, samples
from rituals.me.declaration import ritual

__all__ = ["choosing", "copying", "correcting", "forgetting", "record", "rising", "ritual", "samples"]
