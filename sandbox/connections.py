"""Closing a connection without an answer, or amid one, as a network does.

ASGI has no word for it, so the protocol below remembers the transport behind each client address.
"""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
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


def half_of(request: Request, content: bytes, start: int) -> Response:
    """Answer with a file from a place on, and cut the connection after half of what is left."""

    async def parts() -> AsyncIterator[bytes]:
        yield content[start : (start + len(content)) // 2]
        transport = _open.get((request.client.host, request.client.port)) if request.client else None
        if transport is not None:
            transport.close()  # once what was written has gone out
        await asyncio.sleep(0.05)

    headers = {"Content-Length": str(len(content) - start)}
    if start:
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
    return StreamingResponse(parts(), 206 if start else 200, headers, media_type="application/jsonl")
