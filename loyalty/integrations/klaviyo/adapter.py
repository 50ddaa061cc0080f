"""Klaviyo as destinations of the outbox."""

from loyalty.integrations.delivering import VendorEvents, VendorProfiles
from loyalty.integrations.klaviyo.vendor import KLAVIYO


class Events(VendorEvents):
    """What happens, to Klaviyo."""

    vendor = KLAVIYO


class Profiles(VendorProfiles):
    """Where members stand, to Klaviyo."""

    vendor = KLAVIYO
