"""Omnisend as destinations of the outbox."""

from loyalty.integrations.delivering import VendorEvents, VendorProfiles
from loyalty.integrations.omnisend.vendor import OMNISEND


class Events(VendorEvents):
    """What happens, to Omnisend."""

    vendor = OMNISEND


class Profiles(VendorProfiles):
    """Where members stand, to Omnisend."""

    vendor = OMNISEND
