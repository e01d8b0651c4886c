"""Modals and the App Home: https://docs.slack.dev/reference/methods/views.open, update, push and publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.adapters.slack_platform.limits import check_view
from tests.adapters.slack_platform.objects import view_object
from tests.adapters.slack_platform.refusing import Json, RefusedError
from tests.adapters.slack_platform.world import View

if TYPE_CHECKING:
    from tests.adapters.slack_platform.web import Call

STACK = 3


def open_view(call: Call) -> Json:
    content = _content(call, home=False)
    trigger = call.platform.triggers.exchange(call.needed("trigger_id"), call.workspace.id)
    view = call.platform.new_view(call.workspace, trigger, content)
    call.platform.world.stacks[trigger.user] = [view]
    call.platform.show(trigger.user, view)
    return {"ok": True, "view": view_object(view, call.workspace)}


def push_view(call: Call) -> Json:
    """Put a modal upon the one that is open; the trigger is one that the open modal gave."""
    content = _content(call, home=False)
    trigger = call.platform.triggers.exchange(call.needed("trigger_id"), call.workspace.id)
    stack = call.platform.world.stacks[trigger.user]
    if len(stack) >= STACK:
        raise RefusedError("push_limit_reached")
    view = call.platform.new_view(call.workspace, trigger, content)
    view.root = stack[0].root if stack else view.id
    stack.append(view)
    call.platform.show(trigger.user, view)
    return {"ok": True, "view": view_object(view, call.workspace)}


def update_view(call: Call) -> Json:
    """Let an open modal or a home show something else. A modal that the person closed is not found any more."""
    world, native, external = call.platform.world, call.text("view_id"), call.text("external_id")
    known = {one.id: one for one in (*world.homes.values(), *world.views.values())}
    named = (one for one in known.values() if external and one.content.get("external_id") == external)
    found = known.get(native) or next(named, None)
    if found is None or found.team != call.workspace.id:
        raise RefusedError("not_found")
    content = _content(call, home=found.content["type"] == "home")
    _compare(call, found)
    call.platform.change_view(found, content)
    return {"ok": True, "view": view_object(found, call.workspace)}


def publish(call: Call) -> Json:
    world = call.platform.world
    user = world.user(call.workspace, call.needed("user_id"))
    content = _content(call, home=True)
    there = world.homes.get((call.workspace.id, user.id))
    if there is not None:
        _compare(call, there)
        call.platform.change_view(there, content)
    else:
        native = world.serial("V")
        there = View(native, call.workspace.id, user.id, content, call.platform.new_hash(), native)
        world.homes[call.workspace.id, user.id] = there
    return {"ok": True, "view": view_object(there, call.workspace)}


METHODS: dict[str, Callable[[Call], Json]] = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish,
}


def _content(call: Call, *, home: bool) -> Json:
    view = call.structure("view", "invalid_arguments")
    if call.platform.strict:
        view = check_view(view, home=home, ready=call.platform.files.is_ready)
    return dict(view) | {"blocks": call.platform.name_blocks(view["blocks"])}


def _compare(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.hash:
        raise RefusedError("hash_conflict")
