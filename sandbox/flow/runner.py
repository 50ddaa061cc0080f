"""Running an app's Flow action: the signed request, the judgement of its answer, and Flow's retries.

The same `action_run_id` goes out on every attempt. 200 ends the run, unless its return value does not fit the declared
type; 202, 429, 5xx and silence are tried again with growing waits; any other 4xx is final (facts/shopify.md 2.2).
"""

import json
import secrets
import time
import uuid
from typing import Any

from graphql import GraphQLObjectType

from sandbox import delivery, signing
from sandbox.flow.shapes import value_problems
from sandbox.project import Extension
from sandbox.store.database import Record
from sandbox.store.values import instant, now
from sandbox.world import World

TIMEOUT_SECONDS = 10.0
WAITS_SECONDS = (10, 30, 60, 180, 600, 1800, 3600)  # growing; Shopify goes on for up to 36 hours
MOST_RETURN_BYTES = 50_000


def start(
    world: World, store: Record, action: Extension, properties: Record, *, run_id: str = "", deliveries: int = 1,
    at_once: bool = False,
) -> Record:  # fmt: skip
    """Begin a run (or take an earlier one up again) and wait for its first deliveries; retries go on in the background."""
    identity = run_id or str(uuid.uuid4())
    run = world.database.get(store["domain"], "flow_run", identity)
    if run is None:
        run = {
            "id": identity,
            "handle": action.handle,
            "name": action.name,
            "properties": properties,
            "step_reference": str(uuid.uuid4()),
            "state": "running",
            "message": "",
            "return_value": None,
            "attempts": [],
            "started_at": instant(now()),
        }
        world.database.put(store["domain"], "flow_run", identity, run)
    return deliver(world, store, action, identity, deliveries=deliveries, at_once=at_once)


def deliver(
    world: World, store: Record, action: Extension, run_id: str, *, deliveries: int = 1, at_once: bool = False
) -> Record:
    """Send a run, once or several times, and give it with the attempts made so far. A new id when it asks for retries."""
    if at_once:
        futures = [delivery.later(_attempt, world, store, action, run_id) for _ in range(max(2, deliveries))]
        outcomes = [future.result() for future in futures]
    else:
        outcomes = [_attempt(world, store, action, run_id) for _ in range(max(1, deliveries))]
    if all(outcome == "retry" for outcome in outcomes):
        delivery.later(_retry, world, store, action, run_id)
    return found(world, store, run_id)


def found(world: World, store: Record, run_id: str) -> Record:
    """Read a run. Raises KeyError for an unknown one."""
    run = world.database.get(store["domain"], "flow_run", run_id)
    if run is None:
        raise KeyError(run_id)
    return run


def _retry(world: World, store: Record, action: Extension, run_id: str) -> None:
    for wait in WAITS_SECONDS:
        time.sleep(wait * world.settings.retry_scale)
        if found(world, store, run_id)["state"] != "running":
            return
        if _attempt(world, store, action, run_id) != "retry":
            return
    _finish(world, store, run_id, {}, state="failed", message="Flow gave up after its last retry.")


def _attempt(world: World, store: Record, action: Extension, run_id: str) -> str:
    run = found(world, store, run_id)
    body = request_body(store, run)
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Hmac-Sha256": signing.body_hmac(body, world.settings.client_secrets[0]),
        "X-Shopify-Shop-Domain": store["domain"],
        "X-Request-Id": secrets.token_hex(8),
        "User-Agent": "Shopify-Flow (sandbox)",
    }
    attempt = delivery.post(action.runtime_url, body, headers, timeout_seconds=TIMEOUT_SECONDS)
    state, message, value = judge(action, attempt)
    attempt["verdict"] = {"done": "finished", "failed": "failed for good", "running": "will be tried again"}[state]
    attempt["message"] = message
    _finish(world, store, run_id, attempt, state=state, message=message, value=value)
    return "retry" if state == "running" else state


def request_body(store: Record, run: Record) -> bytes:
    """Write the request as Flow does: values as text, the shop inside the signed body."""
    properties = {key: _spelled(value) for key, value in run["properties"].items()}
    content = {
        "shop_id": store["id"],
        "shopify_domain": store["domain"],
        "action_run_id": run["id"],
        "action_definition_id": run["name"],
        "handle": run["handle"],
        "step_reference": run["step_reference"],
        "properties": properties,
    }
    return json.dumps(content, ensure_ascii=False).encode()


def judge(action: Extension, attempt: Record) -> tuple[str, str, Any]:
    """Decide what Flow makes of an answer: state, sentence for the run log, return value."""
    status = attempt["status"]
    if status is None:
        return "running", attempt["error"], None
    if status == 200:
        return _judge_value(action, attempt["response_body"])
    if status in (202, 429) or status >= 500:
        return "running", f"The app answered {status}.", None
    return "failed", attempt["response_body"].strip() or f"The app answered {status}.", None


def _judge_value(action: Extension, text: str) -> tuple[str, str, Any]:
    try:
        content = json.loads(text) if text.strip() else {}
    except ValueError:
        return ("running", "The answer is not JSON.", None) if action.return_type else ("done", "", None)
    value = content.get("return_value") if isinstance(content, dict) else None
    if not action.return_type:
        return "done", "", value
    kind = action.schema.get_type(action.return_type) if action.schema else None
    if not isinstance(kind, GraphQLObjectType):
        return "running", f"The manifest's return type {action.return_type} is not in its schema.", None
    if len(text.encode()) > MOST_RETURN_BYTES:
        return "running", f"The return value is larger than {MOST_RETURN_BYTES} bytes.", None
    wrong = value_problems(kind, value, "return_value") if value is not None else ["'return_value' is missing."]
    return ("running", " ".join(wrong), None) if wrong else ("done", "", value)


def _spelled(value: Any) -> Any:
    """Spell a property: Flow sends text even for numbers and booleans."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def _finish(
    world: World, store: Record, run_id: str, attempt: Record, *, state: str, message: str, value: Any = None
) -> None:
    """Note an attempt. A run that was finished stays finished, whatever a later delivery of it answered."""
    with world.database.transaction():
        run = found(world, store, run_id)
        if attempt:
            run["attempts"].append(attempt)
        if run["state"] in ("running", "failed") or state == "done":
            run.update(state=state, message=message, return_value=value if state == "done" else run["return_value"])
        world.database.put(store["domain"], "flow_run", run_id, run)
