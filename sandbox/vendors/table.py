"""Every vendor there is a stand-in for. A further one is a folder and a row; routes, control and page follow."""

from sandbox.vendors.attentive.vendor import ATTENTIVE
from sandbox.vendors.klaviyo.vendor import KLAVIYO
from sandbox.vendors.omnisend.vendor import OMNISEND
from sandbox.vendors.postscript.vendor import POSTSCRIPT
from sandbox.vendors.vendor import Vendor

VENDORS: dict[str, Vendor] = {vendor.handle: vendor for vendor in (KLAVIYO, OMNISEND, POSTSCRIPT, ATTENTIVE)}
