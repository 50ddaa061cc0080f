"""What the buttons on the sandbox's pages do: plain form posts that lead back to the page."""

from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sandbox import webhooks
from sandbox.control.access import ControlError, store_of, world_of
from sandbox.control.actions import refusing
from sandbox.pages.templates import handle_of
from sandbox.store import orders, products, stores
from sandbox.store.database import Record
from sandbox.world import World

SWITCHES = ("down", "throttled", "lose_answers", "revoked")
LISTS = ("tags", "collections")


def back(path: str, message: str = "", *, is_error: bool = False) -> Response:
    """Go back to a page with a sentence on what happened."""
    kind = "error" if is_error else "message"
    return RedirectResponse(f"{path}?{kind}={quote(message)}" if message else path, 303)


async def fields_of(request: Request) -> dict[str, str]:
    """Read a submitted form; empty fields are left out."""
    return {name: str(value) for name, value in (await request.form()).items() if str(value).strip()}


async def act(request: Request) -> Response:
    """Do one thing in a store, named by the path, and say what came of it."""
    store, world, given = store_of(request), world_of(request), await fields_of(request)
    path, verb = f"/store/{handle_of(store)}", request.path_params["verb"]
    try:
        if verb == "faults":
            message = await run_in_threadpool(_faults, world, store, given)
        else:
            message = await refusing(lambda: _act(world, store, verb, given))
    except ControlError as error:
        return back(path, error.message, is_error=True)
    return back(path, message)


def _act(world: World, store: Record, verb: str, given: dict[str, str]) -> str:
    database, domain = world.database, store["domain"]
    if verb == "order":
        codes = [given["code"]] if given.get("code") else []
        lines = _bought(world, store, given)
        money = {
            name: given[name]
            for name in ("shipping", *(() if lines else ("total", "tax", "discount")))
            if name in given
        }
        body: dict[str, Any] = {"customer_id": given.get("customer"), "discount_codes": codes, "lines": lines, **money}
        order = webhooks.order_created(world, store, {**body, "paid": "paid" in given})
        return f"Order {order['name']} created."
    if verb in ("pay", "fulfil", "edit", "refund", "cancel"):
        order = webhooks.order_changed(world, store, given["order"], verb, given.get("amount"))
        also = [" and fulfilled"] if order["fulfillment_status"] else []
        also += [f", lowered to {orders.current_total(order)}"] if verb == "edit" else []
        also += [" and cancelled"] if order["cancelled_at"] else []
        return f"Order {order['name']} is {order['financial_status']}{''.join(also)}."
    if verb == "customer":
        customer = webhooks.customer_changed(world, store, {key: given[key] for key in given if key != "new"})
        return f"Customer {customer['email'] or customer['id']} saved."
    if verb == "delete-customer":
        webhooks.customer_deleted(world, store, given.get("customer", ""))
        return "Customer deleted."
    if verb == "merge":
        webhooks.customers_merged(world, store, given.get("customer", ""), given.get("into", ""))
        return "Customers merged."
    if verb == "product":
        return _product(world, store, given)
    if verb == "delete-discount":
        database.delete(domain, "discount", given["discount"])
        return "Discount deleted."
    if verb == "plan":
        webhooks.plan_changed(world, store, given.get("plan", ""))
        return f"The shop pays for {given.get('plan', 'no plan')}."
    if verb == "uninstall":
        webhooks.uninstalled(world, store)
        return "The app is uninstalled. Opening it in the admin installs it again."
    if verb == "compliance":
        about = database.get(domain, "customer", given.get("customer", ""))
        webhooks.compliance(world, store, given["topic"], about)
        return f"{given['topic']} sent."
    if verb == "redeliver":
        webhooks.redeliver(world, store, given["webhook"])
        return "Webhook delivered again."
    raise KeyError(verb)


def _bought(world: World, store: Record, given: dict[str, str]) -> list[Record]:
    """The lines of an order by the variants chosen in the form; none where nothing was."""
    lines = []
    for place in ("1", "2"):
        variant = world.database.get(store["domain"], "variant", given.get(f"variant-{place}", ""))
        if variant is not None:
            quantity = int(given.get(f"quantity-{place}", "1"))
            ids = {"product_id": int(variant["product_id"]), "variant_id": int(variant["id"])}
            lines.append({**ids, "price": variant["price"], "quantity": quantity})
    return lines


def _product(world: World, store: Record, given: dict[str, str]) -> str:
    """Tags, collections and availability of a product, or a new one."""
    database, domain = world.database, store["domain"]
    changes: Record = {name: given[name] for name in ("id", "title") if name in given}
    changes |= {name: [each.strip() for each in given.get(name, "").split(",") if each.strip()] for name in LISTS}
    if not given.get("id"):
        changes["variants"] = [{"price": given.get("price", "10.00")}]
    product = products.put(database, domain, changes)
    for variant in product["variants"]:
        products.set_available(database, domain, variant, available="available" in given)
    return f"{product['title']} saved."


def _faults(world: World, store: Record, given: dict[str, str]) -> str:
    faults: dict[str, Any] = {name: name in given for name in SWITCHES}
    faults["slow_ms"] = int(given.get("slow_ms", "0"))
    stores.set_faults(world.database, store["domain"], faults)
    on = [name for name, value in faults.items() if value]
    return f"Faults on: {', '.join(on)}." if on else "All faults are off."
