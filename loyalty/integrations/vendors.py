"""The table of marketing platforms: a row here, and a folder."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loyalty.errors import NotFound
from loyalty.integrations.attentive.vendor import ATTENTIVE
from loyalty.integrations.klaviyo.vendor import KLAVIYO
from loyalty.integrations.omnisend.vendor import OMNISEND
from loyalty.integrations.postscript.vendor import POSTSCRIPT
from loyalty.integrations.vendor import Vendor

VENDORS: tuple[Vendor, ...] = (KLAVIYO, OMNISEND, POSTSCRIPT, ATTENTIVE)


def vendor_named(slug: str) -> Vendor:
    """Returns a vendor.

    Raises:
        NotFound: There is none of this name.
    """
    for vendor in VENDORS:
        if vendor.slug == slug:
            return vendor
    raise NotFound(_("There is no integration '%(slug)s'") % {"slug": slug})
