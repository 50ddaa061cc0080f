"""Attentive as a row of the table of vendors."""

from django.utils.translation import gettext_noop as _

from loyalty.integrations.attentive.client import API, AttentiveClient
from loyalty.integrations.vendor import KeyForm, Vendor

ATTENTIVE = Vendor(
    slug="attentive",
    label="Attentive",
    about=_(
        "Starts journeys when members earn, redeem or rise, and keeps balance and tier as their custom attributes."
    ),
    key=KeyForm(
        label=_("API key"),
        begins_with="",
        placeholder="",
        where=_(
            "In Attentive: Marketplace, Create app, with Write for Custom Events and Custom Attributes and nothing else."
        ),
        refusal="",
    ),
    client=AttentiveClient(),
    api=API,
    batch=100,
)
