"""Discord: how a movement that lives on a Discord server meets Drumbeat."""

from adapters.discord.application import SettingsError
from adapters.discord.chat import DiscordChat
from adapters.discord.commands import Remember
from adapters.discord.connection import Pauses
from adapters.discord.manifest import write_manifest

__all__ = ["DiscordChat", "Pauses", "Remember", "SettingsError", "write_manifest"]
