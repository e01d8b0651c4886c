from __future__ import annotations

import asyncio
import hashlib
import hmac
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from adapters.slack import Install, OAuth, SlackChat
from adapters.slack.listening import NOT_NOW
from adapters.slack.manifest import SCOPES
from adapters.slack.render import render_message
from bot.chat import (
    Action,
    Button,
    Buttons,
    Commanded,
    DeliveryError,
    Message,
    Place,
    Pressed,
    Problems,
    Said,
    Submitted,
    Whisper,
)
from bot.clock import MovedClock
from tests.adapters.slack_platform import SlackStand
from tests.adapters.slack_scene import (
    COMMANDS,
    START,
    Engine,
    Scene,
    hello,
    logged,
    new_stand,
    running,
    slack,
    tell_form,
)

GO = Action("demo", "go")


class Drawer:
    """Where installs are kept."""

    def __init__(self) -> None:
        self.kept: dict[str, Install] = {}
        self.looked = 0
        # Locked, it keeps everybody waiting; broken, it fails.
        self.unlocked = asyncio.Event()
        self.unlocked.set()
        self.broken = False

    async def load(self, workspace: str) -> Install | None:
        self.looked += 1
        await self.unlocked.wait()
        if self.broken:
            raise OSError("the database is gone")
        return self.kept.get(workspace)

    async def save(self, install: Install) -> None:
        self.kept[install.workspace] = install

    async def remove(self, workspace: str) -> None:
        self.kept.pop(workspace, None)

    async def all(self) -> Sequence[Install]:
        if self.broken:
            raise OSError("the database is gone")
        return list(self.kept.values())


class Seal:
    """Closes a word with a mark that nobody else can make, for as long as the test says."""

    def __init__(self) -> None:
        self.old = False

    def seal(self, words: str) -> str:
        return f"{words}.{hmac.new(b'key', words.encode(), hashlib.sha256).hexdigest()}"

    def unseal(self, sealed: str, seconds: int) -> str | None:
        words, _, _ = sealed.rpartition(".")
        return words if not self.old and seconds >= 60 and hmac.compare_digest(self.seal(words), sealed) else None


NOBODYS = OAuth("1", "2", "https://river.example", Seal().seal, Seal().unseal)


@asynccontextmanager
async def over_http(*, run: bool = True, code: str = "", **settings: Any) -> AsyncIterator[tuple[Scene, str, Seal]]:  # noqa: ANN401
    """Run the adapter behind a web server of its own; gives its address too."""
    clock, seal = MovedClock(wall=lambda: START), Seal()
    stand = new_stand(clock)
    await stand.start()
    door = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{door.getsockname()[1]}"
    if "installs" in settings:
        settings["oauth"] = OAuth(
            stand.platform.client_id, stand.platform.client_secret, url, seal.seal, seal.unseal, code
        )
    else:
        settings["bot_token"] = stand.bot_token
    recorded: list[dict[str, object]] = []
    common: dict[str, Any] = {"api_url": stand.api_url, "signing_secret": stand.signing_secret}
    chat = SlackChat(**common, **settings, commands=lambda: COMMANDS, now=clock, record=recorded.append)
    app = web.Application()
    app.add_routes(chat.routes())
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, door).start()
    scene = Scene(stand, chat, Engine(), recorded, clock)
    try:
        if run:
            async with running(scene):
                await stand.deliver_to(f"{url}/slack/events")
                yield scene, url, seal
        else:
            yield scene, url, seal
    finally:
        await stand.stop()
        await runner.cleanup()


# ------------------------------------------------------------------------------------------------ over HTTP


async def test_everything_works_over_http_too() -> None:
    async with over_http() as (scene, _, _):
        assert scene.chat.connected
        scene.engine.answer = lambda event: tell_form() if isinstance(event, Commanded) else Whisper("Well.")
        assert await scene.stand.command("ben", "river", "/away now") == tell_form()
        opened = scene.stand.form("ben")
        assert opened is not None
        assert await scene.stand.fill("ben", opened.id, {"words": "<b> & é"}) == Whisper("Well.")
        ts = await scene.chat.post(scene.river, Message("Well?", Buttons(Button("Go", GO))), once="one")
        assert await scene.stand.press("ben", f"CRIVER/{ts}", GO) == Whisper("Well.")
        await scene.stand.say("ben", "river", "Hello <you> & all")
        assert [type(event) for event in scene.engine.heard] == [Commanded, Submitted, Pressed, Said]
        assert scene.engine.of(Submitted)[0].answers == {"words": "<b> & é"}
        assert scene.engine.of(Said)[0].words == "Hello <you> & all"
        assert scene.stand.failures == []


async def test_a_redelivery_over_http_has_the_same_id() -> None:
    async with over_http() as (scene, _, _):
        await scene.stand.say("ben", "river", "Hello")
        await scene.stand.redeliver_last()
        first, second = scene.engine.of(Said)
        assert first == second


async def test_whoever_does_not_sign_as_slack_is_turned_away() -> None:
    body = "command=/away&text=&team_id=TMOVEMENT&user_id=UBEN&channel_id=CRIVER&trigger_id=1.1"

    def signed(secret: str, at: float) -> dict[str, str]:
        mark = hmac.new(secret.encode(), f"v0:{int(at)}:{body}".encode(), hashlib.sha256).hexdigest()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return {**form, "X-Slack-Signature": f"v0={mark}", "X-Slack-Request-Timestamp": str(int(at))}

    async with over_http() as (scene, url, _), aiohttp.ClientSession() as session:
        secret, now = scene.stand.signing_secret, time.time()
        tries = {
            "right": signed(secret, now),
            "another secret": signed("guessed", now),
            "none": {},
            "an old one": signed(secret, now - 3600),
        }
        answers = {}
        for name, headers in tries.items():
            async with session.post(f"{url}/slack/events", data=body, headers=headers) as answer:
                answers[name] = answer.status
        async with session.post(f"{url}/slack/events", data="{", headers=signed(secret, now)) as answer:
            answers["no JSON"] = answer.status
        assert answers == {"right": 200, "another secret": 401, "none": 401, "an old one": 401, "no JSON": 400}
        assert len(scene.engine.heard) == 1


async def test_before_and_after_it_runs_slack_is_asked_to_come_again() -> None:
    async with over_http(run=False) as (scene, url, _), aiohttp.ClientSession() as session:

        async def knock() -> int:
            async with session.post(f"{url}/slack/events", data="command=/away") as answer:
                return answer.status

        before = await knock()
        async with running(scene):
            meanwhile = await knock()
        assert (before, meanwhile, await knock()) == (503, 401, 503)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"bot_token": "xoxb-1"}, "Slack needs an app-level token"),
        ({"bot_token": "xoxb-1", "signing_secret": "  "}, "Slack needs an app-level token"),
        ({"app_token": "xapp-1"}, "Slack needs a bot token"),
        ({"bot_token": "xoxb-1", "app_token": "xapp-1", "oauth": NOBODYS}, "Installing in further workspaces"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        SlackChat(**settings, commands=lambda: COMMANDS, now=lambda: START)


# ------------------------------------------------------------------------------------------------ installing


def browser() -> aiohttp.ClientSession:
    """Open a browser of one's own, with its own cookies."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def install(url: str, *, deny: bool = False, team: str = "") -> tuple[int, str]:
    """Click through an install in a fresh browser; gives the last page."""
    async with browser() as mine:
        async with mine.get(f"{url}/slack/install", allow_redirects=False) as answer:
            there = URL(answer.headers["Location"])
        more = {"deny": "1"} if deny else {"team": team} if team else {}
        async with mine.get(there.extend_query(more)) as page:
            return page.status, await page.text()


async def test_an_install_is_kept_and_works_at_once() -> None:
    drawer = Drawer()
    async with over_http(installs=drawer) as (scene, url, _):
        status, page = await install(url, team="other & co")
        assert status == 200
        assert "<h1>Drumbeat is in other &amp; co</h1>" in page
        assert "/invite @Drumbeat" in page
        native = scene.stand.native("other & co")
        there = scene.stand.platform.found(native)
        assert drawer.kept == {
            native: Install(native, "other & co", there.bot_token, there.bot_user, there.bot_id, "ADRUMBEAT")
        }
        assert there.scopes == set(SCOPES)
        scene.stand.add_channel("hill", "hill", "other & co", creator="eli")
        scene.engine.answer = lambda _: Whisper("Hello.")
        assert await scene.stand.command("eli", "hill", "/drumbeat") == Whisper("Hello.")
        assert there.bot_token not in str(scene.recorded)
        assert scene.stand.platform.client_secret not in str(scene.recorded)
        assert there.bot_token not in repr(drawer.kept)


async def test_with_a_code_only_those_whose_link_has_it_may_install() -> None:
    drawer = Drawer()
    async with over_http(installs=drawer, code="letme-in-please") as (scene, url, _), browser() as mine:
        for link in ("/slack/install", "/slack/install?code=letme-in", "/slack/install?code=%C3%A9"):
            async with mine.get(url + link, allow_redirects=False) as answer:
                page = await answer.text()
                assert (answer.status, "Location" in answer.headers, "letme-in-please" in page) == (403, False, False)
        assert "Ask whoever runs this Drumbeat for the link that lets your workspace in." in page
        async with mine.get(f"{url}/slack/install?code=letme-in-please", allow_redirects=False) as answer:
            there = URL(answer.headers["Location"])
        assert "letme" not in str(there)
        async with mine.get(there.extend_query(team="hillside")) as answer:
            assert (answer.status, list(drawer.kept)) == (200, [scene.stand.native("hillside")])


async def test_slack_is_asked_for_the_scopes_of_the_manifest_and_nothing_else() -> None:
    async with over_http(installs=Drawer()) as (scene, url, _), aiohttp.ClientSession() as session:
        async with session.get(f"{url}/slack/install", allow_redirects=False) as answer:
            there = urlsplit(answer.headers["Location"])
        asked = {key: values[0] for key, values in parse_qs(there.query).items()}
        state = asked.pop("state")
        assert f"{there.scheme}://{there.netloc}{there.path}" == f"{scene.stand.platform.origin}/oauth/v2/authorize"
        assert asked == {
            "client_id": scene.stand.platform.client_id,
            "scope": ",".join(SCOPES),
            "redirect_uri": f"{url}/slack/oauth_redirect",
        }
        assert state


async def test_an_install_that_was_refused_forged_or_took_too_long_keeps_nothing() -> None:
    drawer = Drawer()
    async with over_http(installs=drawer) as (scene, url, seal):
        status, page = await install(url, deny=True)
        assert (status, "Slack says that it was not allowed." in page) == (400, True)
        async with aiohttp.ClientSession() as session:
            # Somebody else's browser, which has no cookie; and a state that was made up.
            for state in (seal.seal("mine"), "made-up", ""):
                async with session.get(f"{url}/slack/oauth_redirect", params={"code": "1", "state": state}) as answer:
                    assert answer.status == 400
        seal.old = True
        status, page = await install(url)
        assert (status, "That took too long" in page) == (400, True)
        seal.old = False
        scene.stand.platform.org_install = True
        status, page = await install(url)
        assert (status, "not in a whole organization" in page) == (400, True)
    assert drawer.kept == {}


async def test_an_install_begun_in_another_browser_is_not_finished_in_this_one() -> None:
    drawer = Drawer()
    async with over_http(installs=drawer) as (_, url, _), browser() as theirs, browser() as mine:
        async with theirs.get(f"{url}/slack/install", allow_redirects=False) as answer:
            there = answer.headers["Location"]
        async with theirs.get(there, allow_redirects=False) as answer:
            back = answer.headers["Location"]
        async with mine.get(back) as answer:
            assert answer.status == 400
        assert drawer.kept == {}
        async with theirs.get(back) as answer:
            assert answer.status == 200
        assert list(drawer.kept) == ["TMOVEMENT"]


async def test_an_uninstall_is_forgotten_and_a_late_one_changes_nothing() -> None:
    drawer = Drawer()
    async with over_http(installs=drawer) as (scene, url, _):
        await install(url, team="other")
        native, place = scene.stand.native("other"), Place("slack", scene.stand.native("other"), "CHILL")
        scene.stand.add_channel("hill", "hill", "other", creator="eli")
        await scene.chat.post(place, hello(), once="one")
        scene.stand.uninstall("other")
        await scene.stand.wait_until(lambda: native not in drawer.kept)
        await scene.chat.rest()
        with pytest.raises(DeliveryError) as caught:
            await scene.chat.post(place, hello(), once="two")
        assert caught.value.permanent

        # Installed again; then the old news comes once more, as Slack sends it when it saw no answer.
        gone = scene.stand.events[-1]
        await install(url, team="other")
        await scene.stand.redeliver(gone)
        assert native in drawer.kept
        await scene.chat.post(place, hello(), once="three")
        assert len(scene.stand.channel_messages("hill")) == 2


async def test_the_drawer_is_not_opened_for_every_act() -> None:
    drawer = Drawer()
    async with over_http(installs=drawer) as (scene, url, _):
        await install(url, team="movement")
        drawer.looked = 0
        for _ in range(5):
            await scene.stand.command("ben", "river", "/away")
        await scene.chat.post(scene.river, hello(), once="one")
        assert drawer.looked == 0
        assert scene.methods().count("auth.test") == 1
    # Whatever is in it is known from the start.
    async with slack(bot_token="", installs=drawer) as scene:
        assert await scene.stand.command("ben", "river", "/away") is None
        assert drawer.looked == 0


def of(stand: SlackStand, name: str = "movement") -> Install:
    there = stand.platform.found(name)
    return Install(there.id, name, there.bot_token, there.bot_user, there.bot_id)


@pytest.mark.parametrize("trouble", ["slow", "broken"])
@pytest.mark.parametrize("http", [True, False])
async def test_when_installs_cannot_be_looked_up_people_are_told(trouble: str, *, http: bool) -> None:
    drawer = Drawer()
    drawer.broken = trouble == "broken"
    async with AsyncExitStack() as stack:
        if http:
            scene, _, _ = await stack.enter_async_context(over_http(installs=drawer))
        else:
            scene = await stack.enter_async_context(slack(bot_token="", installs=drawer))
        if trouble == "slow":
            drawer.unlocked.clear()
        drawer.kept["TMOVEMENT"] = of(scene.stand)
        scene.stand.quiet = None
        started = time.monotonic()
        assert await scene.stand.command("ben", "river", "/away") == Whisper(NOT_NOW)
        assert time.monotonic() - started < 1.5
        there = scene.stand.world.conversations["CRIVER"]
        going = render_message(Message("Well?", Buttons(Button("Go", GO))))
        blocks = scene.stand.platform.name_blocks(going["blocks"])
        line = scene.stand.platform.write(there, "UDRUMBEAT", "Well?", blocks=blocks, bot=True)
        scene.stand.patience = 5.0
        assert await scene.stand.press("ben", line.id, GO) == Whisper(NOT_NOW)
        assert not scene.engine.heard
        # What was said is told again, and heard as soon as that can be.
        scene.stand.patience = 0.0
        scene.stand.platform.dispatch.ack_seconds = 1.0
        scene.stand.platform.dispatch.retry_seconds = (0.0,) * 20
        saying = asyncio.create_task(scene.stand.say("ben", "river", "Hello"))
        failures = scene.stand.failures
        await scene.stand.wait_until(lambda: any("message" in failure for failure in failures))
        drawer.broken = False
        drawer.unlocked.set()
        await scene.engine.until(1)
        await saying
        assert scene.engine.of(Said)[0].words == "Hello"


async def test_a_form_keeps_what_was_typed_when_installs_cannot_be_looked_up() -> None:
    drawer = Drawer()
    async with slack(bot_token="", installs=drawer) as scene:
        await drawer.save(of(scene.stand))
        scene.engine.answer = lambda event: tell_form() if isinstance(event, Commanded) else None
        await scene.stand.command("ben", "river", "/away")
        opened = scene.stand.form("ben")
        assert opened is not None
        drawer.broken = True
        scene.chat._workspaces._known.clear()
        assert await scene.stand.fill("ben", opened.id, {"words": "long"}) == Problems({"words": NOT_NOW})
        drawer.broken = False
        assert await scene.stand.fill("ben", opened.id, {"words": "long"}) is None
        assert scene.engine.of(Submitted)[0].answers == {"words": "long"}


@pytest.mark.parametrize("trouble", ["slow", "broken"])
async def test_what_was_known_serves_while_it_is_looked_up_anew(trouble: str) -> None:
    drawer = Drawer()
    async with over_http(installs=drawer) as (scene, url, _):
        await install(url, team="movement")
        known = scene.chat._workspaces._known
        known["TMOVEMENT"] = replace(known["TMOVEMENT"], until=0.0)
        scene.engine.answer = lambda _: Whisper("Hello.")
        scene.stand.quiet = None
        drawer.looked = 0
        if trouble == "slow":
            drawer.unlocked.clear()
        drawer.broken = trouble == "broken"
        started = time.monotonic()
        for _ in range(3):
            assert await scene.stand.command("ben", "river", "/away") == Whisper("Hello.")
        assert time.monotonic() - started < 0.5
        assert drawer.looked == 1
        drawer.unlocked.set()
        await scene.chat.rest()
        assert await scene.chat.post(scene.river, hello(), once="one")


async def test_a_post_waits_for_slow_installs_and_is_tried_again_without_them() -> None:
    drawer = Drawer()
    async with over_http(installs=drawer) as (scene, _, _):
        drawer.kept["TMOVEMENT"] = of(scene.stand)
        drawer.broken = True
        with pytest.raises(DeliveryError) as caught:
            await scene.chat.post(scene.river, hello(), once="one")
        assert (caught.value.why, caught.value.permanent) == (
            "I could not look up the Slack workspace (OSError)",
            False,
        )
        drawer.broken = False
        drawer.unlocked.clear()
        posting = asyncio.create_task(scene.chat.post(scene.river, hello(), once="one"))
        done, _ = await asyncio.wait({posting}, timeout=0.7)
        assert not done
        drawer.unlocked.set()
        assert await posting


async def test_an_install_counts_even_while_an_older_answer_is_on_its_way() -> None:
    drawer = Drawer()
    async with over_http(installs=drawer) as (scene, url, _):
        drawer.unlocked.clear()
        scene.stand.quiet = None
        scene.engine.answer = lambda _: Whisper("Hello.")
        assert await scene.stand.command("ben", "river", "/away") == Whisper(NOT_NOW)
        await install(url, team="movement")
        kept, drawer.kept = drawer.kept, {}
        drawer.unlocked.set()
        await scene.chat.rest()
        drawer.kept = kept
        assert await scene.stand.command("ben", "river", "/away") == Whisper("Hello.")


async def test_uninstalled_from_its_only_workspace_it_is_not_connected_and_says_once_why() -> None:
    with logged() as entries:
        async with slack() as scene:
            states = [scene.chat.connected]
            scene.stand.uninstall()
            await scene.stand.wait_until(lambda: not scene.stand.platform.dispatch.under_way)
            states.append(scene.chat.connected)
            with pytest.raises(DeliveryError) as caught:
                await scene.chat.post(scene.river, hello(), once="one")
            assert (caught.value.permanent, caught.value.gone) == (True, False)
            # Should the token be good again, what comes from there tells so.
            scene.stand.install("movement")
            known = scene.chat._workspaces._known
            known["TMOVEMENT"] = replace(known["TMOVEMENT"], until=0.0)
            await scene.stand.say("ben", "river", "Hello")
            states.append(scene.chat.connected)
            assert states == [True, False, True]
            assert [event.words for event in scene.engine.of(Said)] == ["Hello"]
    assert [entry for entry in entries if entry["log_level"] == "error"] == [
        {
            "event": "slack: uninstalled, nothing can be said or heard any more",
            "workspace": "TMOVEMENT",
            "mend": "Install the app in the workspace again, give its new bot token as SLACK_BOT_TOKEN, "
            "and start me again.",
            "log_level": "error",
        }
    ]


# ------------------------------------------------------------------------------------------------ two workspaces


async def test_the_same_person_in_two_workspaces_is_two_people() -> None:
    drawer = Drawer()
    async with over_http(installs=drawer) as (scene, url, _):
        for team in ("movement", "other"):
            await install(url, team=team)
        scene.stand.add_channel("hill", "hill", "other", creator="ana")
        scene.stand.seat("hill", "ben")
        scene.engine.answer = lambda event: Whisper(event.place.workspace)
        assert await scene.stand.command("ben", "river", "/away") == Whisper("TMOVEMENT")
        assert await scene.stand.command("ben", "hill", "/away") == Whisper("TOTHER")
        hill = Place("slack", "TOTHER", "CHILL")
        for place in (scene.river, hill):
            ts = await scene.chat.post(place, Message("Well?", Buttons(Button("Go", GO))), once="one")
            await scene.stand.press("ben", f"{place.channel}/{ts}", GO)
        assert [event.place for event in scene.engine.of(Pressed)] == [scene.river, hill]
        assert [event.place for event in scene.engine.of(Commanded)] == [scene.river, hill]
        # What is of one workspace cannot be reached from the other.
        with pytest.raises(DeliveryError) as caught:
            await scene.chat.post(replace(hill, workspace="TMOVEMENT"), hello(), once="two")
        assert caught.value.permanent
        people = {
            place.workspace: [one.name for one in await scene.chat.members(place)] for place in (scene.river, hill)
        }
        assert people == {"TMOVEMENT": ["Ana", "Drumbeat", "Ben", "Chi", "Dee"], "TOTHER": ["Ana", "Drumbeat", "Ben"]}
        for place in (replace(scene.river, channel="", person="UBEN"), replace(hill, channel="", person="UBEN")):
            await scene.chat.post(place, Message(place.workspace), once="three")
        assert [(post.text, post.place.workspace) for post in scene.stand.inbox("ben")] == [
            ("TMOVEMENT", "movement"),
            ("TOTHER", "other"),
        ]


async def test_a_workspace_is_known_as_soon_as_it_is_installed() -> None:
    async with over_http(installs=Drawer()) as (scene, url, _):
        scene.engine.answer = lambda _: Whisper("Hello.")
        answer = await scene.stand.command("ben", "river", "/away")
        assert answer == Whisper("I am not installed in this workspace (any more), so I cannot do that.")
        await scene.stand.say("ben", "river", "Hello?")
        assert scene.engine.heard == []
        await install(url, team="movement")
        assert await scene.stand.command("ben", "river", "/away") == Whisper("Hello.")


async def test_sockets_serve_several_workspaces_as_well() -> None:
    drawer = Drawer()
    async with slack(bot_token="", installs=drawer) as scene:
        there = scene.stand.platform.found("movement")
        await drawer.save(Install("TMOVEMENT", "movement", there.bot_token, there.bot_user, there.bot_id))
        scene.engine.answer = lambda _: Whisper("Hello.")
        assert await scene.stand.command("ben", "river", "/away") == Whisper("Hello.")
        assert scene.chat.routes() == []


async def test_tokens_in_the_environment_do_not_get_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our settings have the names that slack-bolt reads for itself."""
    for name in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET", "CLIENT_ID", "CLIENT_SECRET", "SCOPES"):
        monkeypatch.setenv(f"SLACK_{name}", "of the environment")
    async with slack() as scene:
        scene.engine.answer = lambda _: Whisper("Hello.")
        assert await scene.stand.command("ben", "river", "/away") == Whisper("Hello.")
    async with over_http(installs=Drawer()) as (scene, url, _):
        scene.engine.answer = lambda _: Whisper("Hello.")
        await install(url)
        assert await scene.stand.command("ben", "river", "/away") == Whisper("Hello.")


async def test_an_address_of_slack_may_come_without_its_path() -> None:
    clock = MovedClock(wall=lambda: START)
    stand = new_stand(clock)
    await stand.start()
    async with slack(stand, api_url=stand.platform.origin) as scene:
        assert await scene.chat.post(scene.river, hello(), once="one")
    await stand.stop()
