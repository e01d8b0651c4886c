"""A bot of discord.py alone, as its documentation writes one: it answers as Drumbeat does, and keeps nothing."""

from __future__ import annotations

import os
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

API_URL, TOKEN = os.environ["DISCORD_API_URL"], os.environ["DISCORD_TOKEN"]
RITUALS = "Clean River has one ritual: the check-in, every Monday at 09:00. The next one opens on Monday."


class CheckIn(discord.ui.Modal, title="Check in"):
    week: discord.ui.TextInput[CheckIn] = discord.ui.TextInput(label="How was your week?", custom_id="q1")
    why: discord.ui.TextInput[CheckIn] = discord.ui.TextInput(label="What made it so?", custom_id="q2", required=False)
    did: discord.ui.TextInput[CheckIn] = discord.ui.TextInput(label="Did you do more?", required=False)


class Bot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = app_commands.CommandTree(self)

        @self.tree.command(name="rituals", description="List the rituals")
        async def rituals(interaction: discord.Interaction[Bot]) -> None:
            await interaction.response.send_message(RITUALS, ephemeral=True)

    async def setup_hook(self) -> None:
        # discord.py has the gateway's address built in; this one is where the API says.
        headers = {"Authorization": f"Bot {TOKEN}"}
        async with aiohttp.request("GET", f"{API_URL}/gateway/bot", headers=headers) as answer:
            DiscordWebSocket.DEFAULT_GATEWAY = URL((await answer.json())["url"])
        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data: Any = interaction.data
        written = str(data.get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit:
            await interaction.response.send_message("Thank you. That is kept.", ephemeral=True)
        elif interaction.type is discord.InteractionType.component and "tap" in written:
            await interaction.response.send_message("Kept: 3. Tap again to change it.", ephemeral=True)
        elif interaction.type is discord.InteractionType.component:
            await interaction.response.send_modal(CheckIn())


if __name__ == "__main__":
    Route.BASE = API_URL
    Bot().run(TOKEN, log_handler=None)
