"""One POST to a merchant's address, which must lie outside: resolved once, checked, and connected to that very address.

Source: reliability facts, section 7. The check happens at every attempt, for names change where they lead.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings
from requests import exceptions as failures
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter

from loyalty.outbox.ports import Dead, Done, Outcome, Retry

CONNECT_SECONDS, READ_SECONDS = 3.05, 10.0
KEPT_BYTES = 2048
GONE = 410
"""The receiver says that nothing lives there any more."""
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")


class PublicOnly(IPFilterAdapter):  # type: ignore[misc]  # the package has no types
    """Connects to public addresses on port 443 only; requests-hardened alone lets some through."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Refuses what is not public.

        Raises:
            InvalidIPAddress: The address lies inside, or the port is another.
        """
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        address = ipaddress.ip_address(host["host"].strip("[]"))
        outside = address.is_global and not address.is_reserved and host["port"] in (None, 443)
        if not outside or (address.version == 6 and address not in _GLOBAL_IPV6):
            raise InvalidIPAddress(address)
        return host, pool


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Sends one request and says what came of it. Any 2xx within 10 s is success; a redirect is none."""
    try:
        with _session() as session, session.post(
            url, data=body, headers={**headers, "Connection": "close"}, allow_redirects=False, stream=True,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
        ) as answer:  # fmt: skip
            text = _beginning(answer)
            if 200 <= answer.status_code < 300:
                return Done(status=answer.status_code, response=text)
            failed = Dead if answer.status_code == GONE else Retry
            return failed(status=answer.status_code, error=f"Answered {answer.status_code}", response=text)
    except (InvalidIPAddress, failures.InvalidSchema, failures.InvalidURL, failures.MissingSchema):
        return Dead(error="The address does not lead outside: nothing was sent")
    except failures.SSLError as error:
        is_certificate = isinstance(_root(error), ssl.SSLCertVerificationError)
        return Retry(error="Its certificate is not valid" if is_certificate else "The secure connection broke off")
    except failures.Timeout:
        return Retry(error=f"No answer within {READ_SECONDS:.0f} seconds")
    except failures.RequestException:
        return Retry(error="It could not be reached, or closed the connection")


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # .netrc and proxy variables must not decide where this goes
    session.adapters.clear()  # http:// is gone altogether
    if settings.LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS:
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter())
    else:
        session.mount("https://", PublicOnly(is_https_proto=True))
    return session


def _beginning(answer: requests.Response) -> str:
    try:
        return next(answer.iter_content(KEPT_BYTES), b"")[:KEPT_BYTES].decode("utf-8", "replace")
    except failures.RequestException:
        return ""  # the status is known, and it decides


def _root(error: BaseException) -> BaseException:
    """The innermost reason of a failure."""
    inner = getattr(error, "reason", None) or (error.args[0] if error.args else None) or error.__cause__
    return _root(inner) if isinstance(inner, BaseException) and inner is not error else error
