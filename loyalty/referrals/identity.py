"""Whether two people may be one: addresses, numbers and places in the form in which they are compared. Pure.

Source: programme-rules facts, section 8.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import unicodedata

DOTLESS = frozenset({"gmail.com", "googlemail.com"})
"""Providers to whom dots before the @ say nothing; their two names are one."""


def email_key(email: str) -> str:
    """Returns an address as addresses are compared: lower case, nothing after a plus, no dots where they say nothing.

    A text that is no address is returned trimmed and in lower case.
    """
    text = unicodedata.normalize("NFKC", email).strip().lower()
    local, at, domain = text.rpartition("@")
    if not at or not local:
        return text
    local = local.partition("+")[0] or local
    if domain in DOTLESS:
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"


def phone_key(phone: str | None) -> str | None:
    """Returns the digits of a number in international form, without the zeros before it; None for nothing to compare."""
    digits = re.sub(r"\D", "", phone or "").lstrip("0")
    return digits if len(digits) >= 7 else None


def address_key(line: str | None, postcode: str | None, country: str | None) -> str | None:
    """Returns a postal address as addresses are compared: letters and digits of street, postcode and country."""
    if not line or not postcode:
        return None
    parts = [re.sub(r"[^a-z0-9]", "", _plain(part or "")) for part in (line, postcode, country)]
    return "|".join(parts)


def network_of(address: str | None) -> str | None:
    """Returns the network an address belongs to as a household has it: the whole IPv4, the /64 of IPv6; None for none.

    Addresses that are nobody's alone (private, loopback, shared by a carrier) tell nothing.
    """
    try:
        found = ipaddress.ip_address((address or "").strip())
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if not found.is_global:
        return None
    return str(found) if found.version == 4 else str(ipaddress.ip_network((int(found), 64), strict=False))


def digest(text: str, *, key: bytes) -> str:
    """Returns 64 hexadecimal characters that say whether two texts are the same and nothing else, without the key."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _plain(text: str) -> str:
    """Lower case, without accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in folded if not unicodedata.combining(character))
