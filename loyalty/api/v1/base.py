"""What every REST view shares: who calls, may they, what did they send, and how answers look.

The order of checks is the contract's: key present 401 → key valid 401 → rate 429 → plan 403 → path 404 → method 405 →
scope 403 → body 400 → the operation's own. The first failure answers, and nothing has changed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django_scopes import scope
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from loyalty import windows
from loyalty.api import calls
from loyalty.api.v1 import bodies, ratelimit, rehearsals
from loyalty.api.v1.errors import error_response
from loyalty.api.v1.fields import checked
from loyalty.earning.operations import record_unknown_fields
from loyalty.errors import IdempotencyKeyInUse, InvalidField, Refusal
from loyalty.programs.models import ApiKey, Program
from loyalty.programs.operations import note_use
from loyalty.programs.plans import Feature, require
from loyalty.programs.queries import key_for

_log = logging.getLogger(__name__)


class Utf8JsonRenderer(JSONRenderer):
    """JSON that says its character set, whatever the caller's Accept header asks for."""

    charset = "utf-8"


READS = frozenset({"GET", "HEAD"})
FAULT = "Something went wrong on our side. Send the request again, with the same idempotency key if it had one."
LOCK_TIMEOUT = "55P03"
"""PostgreSQL's word for a lock that was not to be had in time (config/settings.py): the first of two calls holds it."""
BUSY = "Encore is busy. Send the request again in a second, with the same idempotency key if it had one."


class ApiRefusal(Refusal):
    """A refusal of the door itself, with a code of its own."""

    def __init__(self, code: str, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.code = code  # type: ignore[misc]  # one class serves every refusal of the door
        self.headers = headers or {}


class ApiView(APIView):
    """A resource of the REST API. `api_key`, `program` and `now` are set before any method runs."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (Utf8JsonRenderer,)
    api_key: ApiKey
    program: Program
    now: datetime
    is_dry_run: bool = False
    """Whether the call only asks what would happen: everything is done for real, and undone with the answer."""
    _verdict: windows.Verdict | None = None
    _body: dict[str, Any] | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Runs the view within the programme that the key belongs to."""
        started = time.perf_counter()
        with ExitStack() as stack:
            self._stack = stack
            answer = super().dispatch(request, *args, **kwargs)
        self._write_down(request, answer, milliseconds=round((time.perf_counter() - started) * 1000))
        return answer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Checks everything that comes before the body."""
        self.now = timezone.now()
        self.api_key = self._authenticate(request)
        self.program = self.api_key.program
        self._verdict = ratelimit.take(key_id=self.api_key.pk, limit=self.api_key.requests_per_second)
        if not self._verdict.allowed:
            raise ApiRefusal(
                "rate_limited", "Rate limit exceeded. Please retry after a short delay.", {"Retry-After": "1"}
            )
        if not self.program.is_installed:
            raise ApiRefusal("not_installed", "Encore is not installed in this shop any more")
        require(self.program.plan, Feature.REST_API)
        self.check_path()
        if "\x00" in request.path:
            raise ApiRefusal("not_found", "No such endpoint")
        method = str(request.method)
        if method.lower() not in self.http_method_names or not hasattr(self, method.lower()) or method == "OPTIONS":
            raise ApiRefusal("method_not_allowed", f"{method} is not supported on this endpoint")
        if method not in READS and self.api_key.scope != ApiKey.Scope.FULL:
            raise ApiRefusal("read_only_key", "This API key is read-only and cannot perform write operations")
        self._stack.enter_context(scope(program=self.program))
        note_use(key=self.api_key, now=self.now)
        if method not in READS and rehearsals.asked_for(request.query_params):
            self.is_dry_run = True
            self._stack.enter_context(rehearsals.rehearsal())

    @property
    def allowed_methods(self) -> list[str]:
        """What `Allow` names on every answer. OPTIONS is refused like any other method that is not there."""
        return [name for name in super().allowed_methods if name != "OPTIONS"]

    def _write_down(self, request: HttpRequest, answer: Any, *, milliseconds: int) -> None:
        """Keeps the call for the merchant's log, once it is known whose it is. A body that nobody read stays unread."""
        key: ApiKey | None = getattr(self, "api_key", None)
        if key is None:
            return
        calls.record(
            program_id=key.program_id, at=self.now, method=str(request.method), path=request.get_full_path()[:500],
            status=answer.status_code, milliseconds=milliseconds, key_prefix=key.prefix, is_dry_run=self.is_dry_run,
            request_id=answer.get("X-Request-Id", ""), idempotency_key=request.headers.get("Idempotency-Key", "")[:255],
            request=getattr(request, "_body", b""), answer=getattr(answer, "data", None),
        )  # fmt: skip

    def check_path(self) -> None:
        """Refuses a path that does not exist; real resources do."""

    def _authenticate(self, request: Request) -> ApiKey:
        header = request.headers.get("Authorization", "").strip()
        if not header:
            raise ApiRefusal("missing_authorization", "Missing Authorization header")
        if header[:7].lower() == "bearer ":
            header = header[7:].strip()
        key = key_for(secret=header.encode("utf-8", "surrogateescape"), now=self.now)
        if key is None:
            raise ApiRefusal("invalid_api_key", "Invalid API key")
        return key

    def body(self, *, most: int = bodies.MAX_BODY) -> dict[str, Any]:
        """Returns the request's fields (see `bodies.parse`), which are read once.

        Args:
            most: Bytes a body may have.
        """
        if int(self.request.headers.get("Content-Length") or 0) > most:
            raise bodies.BodyTooLarge(most)
        if self._body is None:
            self._body = bodies.parse(self.request._request.body, most=most)
        return self._body

    def fields(self, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Returns the validated fields of the body; what the endpoint does not know is ignored, and the merchant told.

        Raises:
            InvalidField: The first field that breaks its rule.
        """
        form = shape(data=self.body())
        found = checked(form)
        self.note_unknown(form, [self.body()])
        return found

    def note_unknown(self, form: serializers.Serializer[Any], bodies_: Sequence[Mapping[str, Any]]) -> None:
        """Names fields that nobody reads in the merchant's log: a misspelt one is else never found."""
        unknown = sorted({name for body in bodies_ for name in body if name not in form.fields and name != "data"})
        if not unknown:
            return
        match = self.request._request.resolver_match
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", match.route if match else "")
        called = bodies_[0].get("action_key")
        record_unknown_fields(
            program_id=self.program.pk, call=f"{self.request.method} /{path}", names=unknown, now=self.now,
            action_key=called if isinstance(called, str) else "",
        )  # fmt: skip

    def request_digest(self) -> str:
        """What makes two calls under a header key the same request: the parsed body; order and spacing don't count."""
        return hashlib.sha256(json.dumps(self.body(), sort_keys=True).encode()).hexdigest()

    def idempotency_key(self) -> str | None:
        """Returns the `Idempotency-Key` header, or None.

        Raises:
            InvalidField: It is empty or longer than 255 characters.
        """
        key = self.request.headers.get("Idempotency-Key")
        if key is None:
            return None
        if not 1 <= len(key.strip()) <= 255:
            raise InvalidField("Idempotency-Key", "Idempotency-Key must be 1 to 255 characters")
        return key.strip()

    def header_scope(self) -> str:
        """What a header key is unique within: this method and path."""
        return "header:" + hashlib.sha256(f"{self.request.method} {self.request.path}".encode()).hexdigest()[:32]

    def handle_exception(self, exc: Exception) -> Response:
        """Answers a refusal by the one map, and anything else by a fixed sentence without internals."""
        if isinstance(exc, Refusal):
            usual = {"Retry-After": "1"} if isinstance(exc, IdempotencyKeyInUse) else None
            return error_response(exc.code, exc.sentence, getattr(exc, "headers", usual))
        _log.error("a REST call failed", exc_info=exc)
        if isinstance(exc, DatabaseError):
            if not connection.in_atomic_block:
                connection.close()  # a broken connection must not serve the next request
            if getattr(exc.__cause__, "sqlstate", None) == LOCK_TIMEOUT and self.request.headers.get("Idempotency-Key"):
                return self.handle_exception(IdempotencyKeyInUse())
            return error_response("try_again", BUSY, {"Retry-After": "1"})
        return error_response("internal_error", FAULT)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Adds the request id and the state of the rate limit."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["X-Request-Id"] = uuid.uuid4().hex
        if self.is_dry_run:
            rehearsals.mark(answer)
        if self._verdict is not None:
            answer["RateLimit-Limit"] = str(self.api_key.requests_per_second)
            answer["RateLimit-Remaining"] = str(self._verdict.remaining)
            answer["RateLimit-Reset"] = "1"
        return answer


@extend_schema(exclude=True)
class NoSuchEndpoint(ApiView):
    """Every path under /v1 that nothing answers."""

    def check_path(self) -> None:
        """Refuses."""
        raise ApiRefusal("not_found", "No such endpoint")


def resource(type_: str, id_: str, attributes: dict[str, Any]) -> dict[str, Any]:
    """Returns one resource object."""
    return {"type": type_, "id": id_, "attributes": attributes}


def one(type_: str, id_: str, attributes: dict[str, Any], *, status: int = 200, replayed: bool = False) -> Response:
    """Returns the envelope of one resource; a replay says so in a header."""
    headers = {"Idempotent-Replayed": "true"} if replayed else {}
    return Response({"data": resource(type_, id_, attributes)}, status=status, headers=headers)
