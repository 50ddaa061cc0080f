"""What customers were sent: every mail that arrived, as a mail program would show it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.control.access import ControlError, world_of
from sandbox.mail.faults import SHELF
from sandbox.pages.templates import page
from sandbox.store.database import Record

SHOWN = 100
LINKS_WORK = "allow-popups allow-top-navigation-by-user-activation"


async def show(request: Request) -> Response:
    """List the newest mails, and show the chosen one, else the newest."""
    database, chosen = world_of(request).database, request.query_params.get("mail", "")

    def rendered() -> Response:
        mails = database.list(SHELF, "mail", newest=SHOWN)
        mail = database.get(SHELF, "mail", chosen) if chosen else next(iter(mails), None)
        return page(request, "inbox.html", room="inbox", mails=mails, mail=mail)

    return await run_in_threadpool(rendered)


async def body(request: Request) -> Response:
    """Show a mail's HTML by itself: its styles and nothing else of it work."""
    mail: Record | None = await run_in_threadpool(
        world_of(request).database.get, SHELF, "mail", request.path_params["number"]
    )
    if mail is None:
        raise ControlError(404, "There is no such mail.")
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox {LINKS_WORK}"
    )
    return HTMLResponse(mail["html"] or "<p>No HTML.</p>", headers={"Content-Security-Policy": policy})


ROUTES: list[BaseRoute] = [Route("/inbox", show), Route("/inbox/{number}", body)]
