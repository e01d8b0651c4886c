"""A made-up Discord for tests: a real gateway and HTTP API on this machine that refuse what Discord refuses.

Built from Discord's documents and never from the adapter: https://discord.com/developers/docs
"""

from tests.adapters.discord_platform.stand import DiscordStand

__all__ = ["DiscordStand"]
