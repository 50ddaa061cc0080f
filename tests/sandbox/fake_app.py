"""The smallest embedded app: it judges session tokens as an app must, bounces, and has one page with every App Bridge part."""

from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qs, quote, urlsplit

import jwt

SANDBOX = [""]  # origin of the sandbox under test

PAGE = """<!doctype html><html><head><meta name="shopify-api-key" content="{key}"><script src="{bridge}"></script>
<title>Fake</title></head><body>
<s-app-nav><a href="/app/" rel="home">Home</a><a href="/app/rules">Rules</a></s-app-nav>
<s-page heading="{heading}"><button slot="primary-action" onclick="shopify.toast.show('Pressed')">Press</button>
<a slot="breadcrumb-actions" href="/app/">Back home</a></s-page>
<form data-save-bar onsubmit="event.preventDefault(); shopify.toast.show('Saved ' + this.elements.points.value)">
<label>Points <input name="points" value="5"></label></form>
<button id="call" onclick="fetch('/app/data').then(r => shopify.toast.show('Answer ' + r.status))">Call</button>
</body></html>"""


@dataclass
class Answer:
    """What the app says."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def answer(path: str, headers: Message, *, secret: str, audience: str) -> Answer:
    """Answer a GET."""
    parts = urlsplit(path)
    bridge = f"{SANDBOX[0]}/app-bridge.js"
    if parts.path == "/auth/bounce":
        return Answer(200, f'<script data-api-key="{audience}" src="{bridge}"></script>')
    bearer = headers.get("Authorization", "")
    token = bearer.removeprefix("Bearer ") or parse_qs(parts.query).get("id_token", [""])[0]
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], audience=audience, leeway=10)
        if not claims["dest"].endswith("first.myshopify.com"):
            raise jwt.InvalidTokenError("another shop")
    except jwt.PyJWTError:
        if bearer:
            return Answer(401, "No valid session token.", {"X-Shopify-Retry-Invalid-Session-Request": "1"})
        return Answer(302, "", {"Location": f"/auth/bounce?shopify-reload={quote(parts.path)}"})
    heading = {"/app/rules": "Rules"}.get(parts.path, "Home")
    return Answer(200, PAGE.format(key=audience, bridge=bridge, heading=heading))
