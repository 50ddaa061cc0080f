"""What a shop's domain looks like. Pure."""

import re

SHOP_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
LONGEST = 255  # characters; a DNS name has no more


def is_shop_domain(text: object) -> bool:
    """Whether `text` is a shop's domain in lower case, whole and with nothing around it."""
    return isinstance(text, str) and len(text) <= LONGEST and SHOP_DOMAIN.fullmatch(text) is not None
