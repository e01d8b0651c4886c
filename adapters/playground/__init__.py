"""The playground: a chat in the browser in which several people can be played at once, on nobody's servers."""

from adapters.playground.clock import Controls
from adapters.playground.refusals import RoomError
from adapters.playground.room import Room
from adapters.playground.server import Playground, PlaygroundError

__all__ = ["Controls", "Playground", "PlaygroundError", "Room", "RoomError"]
