"""What a vendor's stand-in is made of. The shared parts (calls, faults, control, page) know a vendor only by this."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.routing import BaseRoute

from sandbox.store.database import Database, Record
from sandbox.vendors.windows import Windows


class Refused(Exception):
    """A vendor says no: a status, one sentence, and where. Each vendor writes it in its own shape."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        path: Sequence[str | int] = (),
        *,
        code: str = "",
        header: str = "",
        wait_seconds: int = 0,
        outcome: str = "",
    ) -> None:
        """Name the refusal; `path` leads into the body, `header` names a header instead, `outcome` goes to the log."""
        super().__init__(detail)
        self.status, self.detail, self.path = status, detail, tuple(path)
        self.code, self.header, self.wait_seconds, self.outcome = code, header, wait_seconds, outcome


@dataclass(frozen=True)
class Call:
    """One call of an account, as an endpoint works on it. `shelf` is where the account keeps what it received."""

    database: Database
    shelf: str
    key: str
    raw: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str]
    path: Mapping[str, str]
    now: datetime


@dataclass(frozen=True)
class Answer:
    """What an endpoint answers; without content the body is empty. `outcome` is a word for the request log."""

    status: int
    content: Any = None
    outcome: str = ""


@dataclass(frozen=True)
class Endpoint:
    """One call of a vendor's API; `name` is what the request log and the switch `only` call it."""

    name: str
    method: str
    path: str
    work: Callable[[Call], Answer]
    is_forbidden: bool = False  # a tripwire: 403 whoever asks, and kept under `forbidden`


@dataclass(frozen=True)
class Kept:
    """Records an account keeps: their name in what control gives, and whether they are found by a person."""

    name: str
    kind: str
    by_person: bool = False  # an object by e-mail, else by id; otherwise a list in the order of arrival


@dataclass(frozen=True)
class Vendor:
    """A vendor: one row of the table."""

    handle: str  # its folder and its part of every path
    name: str
    version: str  # what the page says of the API it stands in for
    api: str  # where its API begins, below the sandbox's address
    media_type: str
    version_header: str  # lower case, noted with every request as `revision`; empty when there is none
    endpoints: tuple[Endpoint, ...]
    kept: tuple[Kept, ...]
    event_fields: tuple[str, str, str]  # in an event: its name, its time, its id
    key_of: Callable[[Mapping[str, str]], str]  # Raises Refused 401
    check_headers: Callable[[Mapping[str, str], bool], None]  # the second: has the call a body? Raises Refused
    windows: Windows
    take: Callable[[str, str], tuple[int, dict[str, str]]]  # key, endpoint → seconds to wait (0: go on), headers
    written: Callable[[Refused, Record], tuple[Any, dict[str, str]]]  # a refusal, the faults → body, headers
    own_faults: Record = field(default_factory=dict)
    control: tuple[BaseRoute, ...] = ()
