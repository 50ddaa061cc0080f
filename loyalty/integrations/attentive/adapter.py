"""Attentive as destinations of the outbox."""

from loyalty.integrations.attentive.vendor import ATTENTIVE
from loyalty.integrations.delivering import VendorEvents, VendorProfiles


class Events(VendorEvents):
    """What happens, to Attentive."""

    vendor = ATTENTIVE


class Profiles(VendorProfiles):
    """Where members stand, to Attentive."""

    vendor = ATTENTIVE
