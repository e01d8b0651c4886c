"""Slack over HTTP: signed requests, and installing in further workspaces."""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import timedelta

from yarl import URL

from bot.chat import Whisper
from bot.clock import MovedClock
from tests.adapters.slack_platform.bare_app import BareApp
from tests.adapters.slack_platform.scenery import GO, START, payload, post


async def test_requests_to_an_address_are_signed(bare: BareApp) -> None:
    stand = bare.stand
    await stand.deliver_to(await bare.listen())
    bare.answer = lambda _: {"text": "Here you are"}
    assert await stand.command("chi", "river", "/drumbeat a&b") == Whisper("Here you are")
    body, headers = bare.seen_at_url[-1]
    signed = f"v0:{headers['X-Slack-Request-Timestamp']}:{body}".encode()
    assert (
        headers["X-Slack-Signature"]
        == "v0=" + hmac.new(stand.signing_secret.encode(), signed, hashlib.sha256).hexdigest()
    )
    assert abs(time.time() - int(headers["X-Slack-Request-Timestamp"])) < 60
    assert payload(bare)["text"] == "a&b"
    bare.answer = lambda _: {}
    await stand.press("chi", await post(bare), GO)
    assert payload(bare)["type"] == "block_actions"


async def test_an_event_that_an_address_refuses_comes_again(bare: BareApp) -> None:
    stand = bare.stand
    stand.platform.dispatch.retry_seconds = (0.0, 0.01, 0.01)
    await stand.deliver_to(await bare.listen())
    bare.answer = lambda _: None
    await stand.say("chi", "river", "Hello?")
    await stand.wait_until(lambda: "lost: event message" in stand.failures)
    marks = [(one.get("X-Slack-Retry-Num"), one.get("X-Slack-Retry-Reason")) for _, one in bare.seen_at_url[1:]]
    assert marks == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


async def test_installing_gives_a_token_for_another_workspace_once(bare: BareApp, clock: MovedClock) -> None:
    stand = bare.stand
    stand.add_channel("abroad", "abroad", "elsewhere", creator="eli")
    stand.platform.redirect_uri = "https://drumbeat.example/slack/oauth_redirect"
    asked = {
        "client_id": stand.platform.client_id,
        "scope": "chat:write,users:read",
        "state": "s",
        "team": "TELSEWHERE",
    }
    url = f"{stand.platform.origin}/oauth/v2/authorize"

    async def code() -> str:
        async with bare.session.get(url, params=asked, allow_redirects=False) as answer:
            sent_to = URL(answer.headers["Location"])
            assert (answer.status, sent_to.host, sent_to.query["state"]) == (302, "drumbeat.example", "s")
            return sent_to.query["code"]

    secrets = {"client_id": stand.platform.client_id, "client_secret": stand.platform.client_secret}
    assert await bare.error("oauth.v2.access", **secrets | {"client_secret": "x"}, code="x") == "bad_client_secret"
    first = await code()
    got = await bare.call("oauth.v2.access", **secrets, code=first)
    assert (got["team"]["id"], got["bot_user_id"], got["scope"]) == (
        "TELSEWHERE",
        "UDRUMBEAT1",
        "chat:write,users:read",
    )
    assert (await bare.call("auth.test", token=got["access_token"]))["team_id"] == "TELSEWHERE"
    assert await bare.error("oauth.v2.access", **secrets, code=first) == "invalid_code"
    late = await code()
    clock.move_to(START + timedelta(minutes=11))
    assert await bare.error("oauth.v2.access", **secrets, code=late) == "invalid_code"
    assert {one["payload"].get("client_secret", "left-out") for one in stand.recorded} == {"left-out"}
