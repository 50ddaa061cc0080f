"""The file of a bulk query's results, over a real socket: read in order, from a place on, and refused when it is none."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import Refused, UnknownOutcome
from shopify_app.bulk import results
from shopify_app.bulk.results import Found, Gone, objects


def line(**node) -> bytes:
    return json.dumps(node).encode() + b"\n"


FIRST = line(id="1", name="a") + line(id="11", __parentId="1") + line(id="12", __parentId="1")
SECOND = line(id="2", name="b")
THIRD = line(id="3", name="c") + line(id="31", __parentId="3")
FILE = FIRST + SECOND + THIRD


@dataclass
class Host:
    """A host that gives one answer, whatever it is asked, and keeps what that was."""

    answer: bytes = b""
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def gives(self, body: bytes, *, status: str = "200 OK", length: int | None = None, **headers: str) -> None:
        """What it answers from now on; `length` is what it says of the body's, if not the truth."""
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        self.answer = "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


@pytest.fixture
def host(settings) -> Iterator[Host]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                found.asked.append(connection.recv(65536).decode())
                connection.sendall(found.answer)
                connection.close()

        origin = f"http://127.0.0.1:{server.getsockname()[1]}"
        settings.SHOPIFY_GATEWAY = origin
        found = Host(url=f"{origin}/bulk-results/x.jsonl")
        found.gives(FILE)
        threading.Thread(target=serve, daemon=True).start()
        yield found


def read(host: Host, *, start: int = 0, size: int = len(FILE), seconds: float = 30) -> list[Found]:
    return list(objects(host.url, start=start, size=size, deadline=Deadline.after(seconds)))


class TestAFile:
    def test_gives_each_object_with_what_belongs_to_it_and_where_it_ends(self, host):
        assert read(host) == [
            Found({"id": "1", "name": "a"}, [{"id": "11"}, {"id": "12"}], len(FIRST)),
            Found({"id": "2", "name": "b"}, [], len(FIRST + SECOND)),
            Found({"id": "3", "name": "c"}, [{"id": "31"}], len(FILE)),
        ]

    def test_is_asked_for_without_any_token_and_unpacked(self, host):
        read(host)
        (asked,) = host.asked
        assert "Accept-Encoding: identity" in asked
        assert "token" not in asked.lower()
        assert "authorization" not in asked.lower()
        assert "range" not in asked.lower()

    def test_is_read_on_from_a_place(self, host):
        start = len(FIRST)
        host.gives(
            FILE[start:], status="206 Partial Content", Content_Range=f"bytes {start}-{len(FILE) - 1}/{len(FILE)}"
        )
        assert [each.node["id"] for each in read(host, start=start)] == ["2", "3"]
        assert f"Range: bytes={start}-" in host.asked[0]

    def test_that_comes_whole_nevertheless_is_read_on_from_the_place(self, host):
        assert [each.end for each in read(host, start=len(FIRST))] == [len(FIRST + SECOND), len(FILE)]

    def test_whose_last_line_ends_without_a_break_is_whole(self, host):
        host.gives(FILE[:-1])
        assert len(read(host, size=len(FILE) - 1)) == 3

    def test_that_is_read_to_its_end_already_is_not_asked_for(self, host):
        assert read(host, start=len(FILE)) == []
        assert host.asked == []


class TestWhatIsNoFile:
    @pytest.mark.parametrize(
        ("spoil", "fault"),
        [
            (lambda host: host.gives(b"", status="404 Not Found"), Gone),
            (lambda host: host.gives(b"", status="403 Forbidden"), Gone),
            (lambda host: host.gives(b"", status="503 Service Unavailable"), UnknownOutcome),
            (lambda host: host.gives(b"", status="302 Found", Location="https://elsewhere.example/"), UnknownOutcome),
            (lambda host: host.gives(FILE, Content_Encoding="gzip"), UnknownOutcome),
            (lambda host: host.gives(FILE, status="206 Partial Content", Content_Range="bytes 7-8/9"), UnknownOutcome),
            (lambda host: host.gives(FILE[:-30], length=len(FILE)), UnknownOutcome),
            (lambda host: host.gives(FILE[:-30]), UnknownOutcome),
            (lambda host: host.gives(FILE + line(id="4")), UnknownOutcome),
            (lambda host: host.gives(b"<html>" + b" " * (len(FILE) - 6)), UnknownOutcome),
            (lambda host: host.gives(b"[1]\n" + FILE[4:]), UnknownOutcome),
            (lambda host: host.gives(line(id="11", __parentId="1") + FILE), UnknownOutcome),
            (lambda host: host.gives(FIRST + SECOND + line(id="13", __parentId="1")), UnknownOutcome),
            (lambda host: host.gives(b"x" * (results.LONGEST_LINE + results.CHUNK)), UnknownOutcome),
        ],
    )  # fmt: skip
    def test_is_said_to_be_none(self, host, spoil: Callable[[Host], None], fault):
        spoil(host)
        with pytest.raises(fault):
            read(host)

    def test_is_one_that_does_not_come_in_time(self, host):
        with pytest.raises(UnknownOutcome):
            read(host, seconds=-1)

    def test_gives_what_came_whole_before_it_broke_off(self, host):
        host.gives(FILE[:-30], length=len(FILE))
        found = objects(host.url, start=0, size=len(FILE), deadline=Deadline.after(30))
        assert next(found).node["id"] == "1"
        assert next(found).end == len(FIRST + SECOND)
        with pytest.raises(UnknownOutcome):
            next(found)


class TestAnAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "http://storage.example/x", "ftp://storage.example/x", "file:///etc/passwd", "https:///x", "x",
            "https://name:word@storage.example/x", "http://127.0.0.1:1/x",
        ],
    )  # fmt: skip
    def test_that_is_not_public_by_tls_is_not_asked(self, settings, url):
        settings.SHOPIFY_GATEWAY = ""
        with pytest.raises(Refused):
            list(objects(url, start=0, size=1, deadline=Deadline.after(5)))
