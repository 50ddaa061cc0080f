"""A store's storefront: a page with the theme's blocks of the app, and Shopify's app proxy with its signature.

A shop's own address leads to Shopify, so here the storefront stands under `/shop/{handle}`. Who is logged in is a choice
on the page. Blocks are carried out (`sandbox.theme`); an answer of the app that holds Liquid is refused, because a theme
would run it.
"""

import re
import time
from typing import Any
from urllib.parse import urlencode

import requests
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox import signing
from sandbox.control.access import ControlError, store_of, world_of
from sandbox.pages.templates import environment, handle_of
from sandbox.store.database import Record
from sandbox.store.values import gid
from sandbox.theme import blocks, metafields_of, snippet
from sandbox.world import World

COOKIE = "sandbox_customer"
DISCOUNT = "sandbox_discount"
TIMEOUT_SECONDS = 10.0
SHOWN = 40
LIQUID = re.compile(r"\{\{|\{%")


async def shop(request: Request) -> Response:
    """Show the front page."""
    store = store_of(request)
    return await run_in_threadpool(_page, request, store, "", 200)


async def log_in(request: Request) -> Response:
    """Be one of the store's customers from now on, or nobody."""
    store, given = store_of(request), await request.form()
    answer = RedirectResponse(str(given.get("return_to") or f"/shop/{handle_of(store)}"), 303)
    answer.set_cookie(COOKIE, str(given.get("customer") or ""), httponly=True, samesite="lax")
    return answer


async def discount(request: Request) -> Response:
    """`/discount/CODE`: the code is used at the next order of this visitor."""
    store = store_of(request)
    wanted = request.query_params.get("redirect", "")
    front = f"/shop/{handle_of(store)}"
    answer = RedirectResponse(wanted if wanted.startswith(f"{front}/") else front, 303)
    answer.set_cookie(DISCOUNT, request.path_params["code"], httponly=True, samesite="lax")
    return answer


async def account(request: Request) -> Response:
    """`/account/…` of a shop: where one logs in or makes an account; here, a choice on the front page."""
    handle = handle_of(store_of(request))
    return RedirectResponse(request.query_params.get("return_to") or f"/shop/{handle}", 303)


async def asset(request: Request) -> Response:
    """Serve a file of the theme extension."""
    name = request.path_params["name"]
    path = world_of(request).settings.project / "theme_extension" / "assets" / name
    if not re.fullmatch(r"[a-z0-9.-]+", name) or not path.is_file():
        raise ControlError(404, "no such asset")
    return FileResponse(path, headers={"Cache-Control": "no-cache"})


async def proxied(request: Request) -> Response:
    """Forward a request below the app's proxy path, signed; put what is liquid into the theme."""
    store, world = store_of(request), world_of(request)
    if not world.app.proxy_url:
        raise ControlError(404, "the app has no proxy")
    body = await request.body()
    answer = await run_in_threadpool(_forward, world, store, request, body)
    kind = answer.headers.get("Content-Type", "text/html")
    if not kind.startswith("application/liquid"):
        return Response(answer.content, answer.status_code, media_type=kind)
    html = answer.text
    if LIQUID.search(html):
        html = "<p>This page holds liquid, which a theme would carry out.</p>"
    return await run_in_threadpool(_page, request, store, html, answer.status_code)


def signed_proxy_query(world: World, store: Record, pairs: list[tuple[str, str]], customer: str) -> str:
    """Write the query Shopify forwards: the visitor's own parameters, its own, and the signature over all."""
    app = world.app
    everything = [
        *pairs,
        ("shop", store["domain"]),
        ("path_prefix", f"/shop/{handle_of(store)}/{app.proxy_prefix}/{app.proxy_subpath}"),
        ("timestamp", str(int(time.time()))),
        ("logged_in_customer_id", customer),
    ]
    return urlencode(
        [*everything, ("signature", signing.proxy_signature(everything, world.settings.client_secrets[0]))]
    )


def _forward(world: World, store: Record, request: Request, body: bytes) -> requests.Response:
    query = signed_proxy_query(world, store, request.query_params.multi_items(), request.cookies.get(COOKIE, ""))
    url = f"{world.app.proxy_url.rstrip('/')}/{request.path_params['path']}?{query}"
    headers = {
        "X-Forwarded-For": request.headers.get("x-forwarded-for") or (request.client.host if request.client else "")
    }
    if request.method == "POST":
        headers["Content-Type"] = request.headers.get("content-type", "")
    with requests.Session() as session:  # without the visitor's cookies: Shopify strips them
        session.trust_env = False
        return session.request(
            request.method, url, data=body or None, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )


def _page(request: Request, store: Record, content: str, status: int) -> Response:
    world, handle = world_of(request), handle_of(store)
    everyone = world.database.list(store["domain"], "customer")
    embeds = blocks(world.settings.project)
    cookie = request.cookies.get(COOKIE, "")
    chosen = next((item for item in everyone if item["id"] == cookie), None)
    around = {"proxy": f"/shop/{handle}/{world.app.proxy_prefix}", **_liquid(world, store, chosen)}
    values: dict[str, Any] = {
        "store": store,
        "handle": handle,
        "app": world.app,
        "customers": sorted(everyone, key=lambda item: str(item["email"] or ""))[:SHOWN],
        "chosen": chosen,
        "discount": request.cookies.get(DISCOUNT, ""),
        "content": content,
        "here": request.url.path,
        "proxy": f"/shop/{handle}/{world.app.proxy_prefix}/{world.app.proxy_subpath}",
        "locale": around["locale"],
        "blocks": [snippet(block, **around) for block in embeds],
        "scripts": [f"/shop/{handle}/assets/{block.javascript}" for block in embeds if block.javascript],
        "styles": [f"/shop/{handle}/assets/{block.stylesheet}" for block in embeds if block.stylesheet],
    }
    html = environment.get_template("storefront.html").render(**values)
    return Response(html, status, media_type="text/html", headers={"Cache-Control": "no-store"})


def _liquid(world: World, store: Record, chosen: Record | None) -> dict[str, Any]:
    """What a theme's blocks know of the shop and of who is logged in."""
    database, domain = world.database, store["domain"]
    shop = {"name": store["name"], "metafields": metafields_of(database, domain, gid("Shop", store["id"]))}
    if chosen is None:
        return {"locale": "en", "shop": shop, "visitor": None}
    own = metafields_of(database, domain, gid("Customer", chosen["id"]))
    locale = str(chosen.get("locale") or "en").partition("-")[0]
    return {"locale": locale, "shop": shop, "visitor": {**chosen, "metafields": own}}


ROUTES: list[BaseRoute] = [
    Route("/shop/{handle}", shop),
    Route("/shop/{handle}/log-in", log_in, methods=["POST"]),
    Route("/shop/{handle}/discount/{code}", discount),
    Route("/shop/{handle}/account/{path:path}", account),
    Route("/shop/{handle}/assets/{name}", asset),
    Route("/shop/{handle}/apps/loyalty/{path:path}", proxied, methods=["GET", "POST"]),
]
