"""Postscript as destinations of the outbox."""

from loyalty.integrations.delivering import VendorEvents, VendorProfiles
from loyalty.integrations.postscript.vendor import POSTSCRIPT


class Events(VendorEvents):
    """What happens, to Postscript."""

    vendor = POSTSCRIPT


class Profiles(VendorProfiles):
    """Where members stand, to Postscript."""

    vendor = POSTSCRIPT
