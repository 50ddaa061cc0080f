"""A merchant's server that webhooks are sent to."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(ThreadingHTTPServer):
    """A merchant's server that keeps what it was sent and answers as it is told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answering)
        self.got = []
        self.status = 200
        self.location = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/encore"

    def heard(self, name):
        return [json.loads(body) for headers, body in self.got if headers["X-Webhook-Event"] == name]


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"heard")

    do_GET = do_POST  # noqa: N815  # the name is http.server's

    def log_message(self, *_):
        pass
