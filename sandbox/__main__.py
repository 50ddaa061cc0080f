"""Starts the sandbox: `python -m sandbox`, on 127.0.0.1 and ::1."""

import contextlib
import os
import socket
import sys

import uvicorn

from sandbox.application import build
from sandbox.connections import RememberingProtocol
from sandbox.mail.server import serve
from sandbox.settings import from_environment


def _listening(port: int) -> list[socket.socket]:
    """Open both loopback sockets; a machine without IPv6 gets one. A port in use exits with one sentence."""
    found = []
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        # asyncio switches Nagle's wait off only where the protocol is named; else each call on a kept connection takes 40 ms
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, port))
        except OSError as error:
            listener.close()
            if family == socket.AF_INET:
                raise SystemExit(f"The sandbox cannot listen on port {port}: {error.strerror}.") from error
            continue
        found.append(listener)
    return found


def main() -> None:
    """Serve until told to stop."""
    settings = from_environment()
    sockets = _listening(settings.port)
    application = build(settings)
    if settings.mail_port:
        serve(application.world.database, settings.mail_port)
    config = uvicorn.Config(
        application,
        http=RememberingProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        backlog=512,
        timeout_keep_alive=75,  # clients keep connections; closing an idle one early would look like a lost answer
        timeout_graceful_shutdown=3,
    )
    sys.stdout.write(f"Sandbox: {settings.admin_origin}\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets)
    sys.stdout.flush()
    os._exit(0)  # calls that still wait for the app have threads; whoever stops the sandbox should not wait for them


if __name__ == "__main__":
    main()
