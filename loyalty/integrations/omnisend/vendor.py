"""Omnisend as a row of the table of vendors."""

from django.utils.translation import gettext_noop as _

from loyalty.integrations.omnisend.client import API, OmnisendClient
from loyalty.integrations.vendor import KeyForm, Vendor

OMNISEND = Vendor(
    slug="omnisend",
    label="Omnisend",
    about=_("Starts automations when members earn, redeem or rise, and keeps balance and tier on their contacts."),
    key=KeyForm(
        label=_("API key"),
        begins_with="",
        placeholder="",
        where=_(
            "In Omnisend: Store settings, Integrations and API, API keys, Create API key, with contacts, events and brands."
        ),
        refusal="",
    ),
    client=OmnisendClient(),
    api=API,
    batch=100,
)
