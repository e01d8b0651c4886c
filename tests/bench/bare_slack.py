"""A Slack app of slack-bolt alone, as its documentation writes one: it answers as Drumbeat does, and keeps nothing."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]

CHANNEL = os.environ["BARE_CHANNEL"]
RITUALS = "Clean River has one ritual: the check-in, every Monday at 09:00. The next one opens on Monday."


def field(name: str, label: str) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": {"type": "plain_text", "text": label},
        "element": {"type": "plain_text_input", "action_id": name, "multiline": True},
    }


FORM = {
    "type": "modal",
    "callback_id": "answer",
    "title": {"type": "plain_text", "text": "Check in"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [field("q1", "How was your week?"), field("q2", "What made it so?"), field("did", "Did you do more?")],
}


async def acknowledge(ack: AsyncAck) -> None:
    await ack()


async def tell_rituals(ack: AsyncAck) -> None:
    await ack(RITUALS)


async def confirm_tap(respond: AsyncRespond) -> None:
    await respond("Kept: 3. Tap again to change it.", replace_original=False)


async def open_form(body: Json, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=body["trigger_id"], view=FORM)


async def thank(body: Json, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel=CHANNEL, user=body["user"]["id"], text="Thank you. That is kept.")


def register_tuned(app: AsyncApp) -> None:
    """Acknowledge first and do the rest as lazy listeners: without this, the rest would come before."""
    app.command("/rituals")(tell_rituals)
    app.action(re.compile("tap"))(ack=acknowledge, lazy=[confirm_tap])
    app.action(re.compile("answer"))(ack=acknowledge, lazy=[open_form])
    app.view(re.compile(""))(ack=acknowledge, lazy=[thank])


def register(app: AsyncApp) -> None:
    """Acknowledge and go on in the same function, as in every first example."""
    app.command("/rituals")(tell_rituals)

    @app.action(re.compile("tap"))
    async def tapped(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await confirm_tap(respond)

    @app.action(re.compile("answer"))
    async def asked(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await open_form(body, client)

    @app.view(re.compile(""))
    async def sent(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await thank(body, client)


async def main() -> None:
    tuned = "tuned" in sys.argv
    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client, process_before_response=tuned)
    (register_tuned if tuned else register)(app)
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(main())
