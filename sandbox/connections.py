"""Closing a connection without an answer, as a network does.

ASGI has no word for it, so the protocol below remembers the transport behind each client address.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

_open: dict[tuple[str, int], asyncio.Transport] = {}


class RememberingProtocol(H11Protocol):
    """Uvicorn's HTTP protocol, with the transport left where `close_connection` finds it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it likewise
        """Note the connection."""
        _open[transport.get_extra_info("peername")[:2]] = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        _open.pop(self.transport.get_extra_info("peername")[:2], None)
        super().connection_lost(exc)


async def close_connection(request: Request) -> Response:
    """Cut the connection; the response given back is never sent."""
    transport = _open.get((request.client.host, request.client.port)) if request.client else None
    if transport is not None:
        transport.abort()
        await asyncio.sleep(0)
    return Response("The sandbox cut this connection.", 599)
