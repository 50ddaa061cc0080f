"""Klaviyo as a row of the table of vendors."""

from django.utils.translation import gettext_noop as _

from loyalty.integrations.klaviyo.client import API, KlaviyoClient
from loyalty.integrations.vendor import KeyForm, Vendor

KLAVIYO = Vendor(
    slug="klaviyo",
    label="Klaviyo",
    about=_(
        "Starts e-mail and SMS flows when members earn, redeem or rise, and keeps balance and tier on their profiles."
    ),
    key=KeyForm(
        label=_("Private API key"),
        begins_with="pk_",
        placeholder="pk_…",
        where=_(
            "In Klaviyo: Settings, API keys, Create private key. It needs read access to accounts, and full access to "
            "events, profiles and lists."
        ),
        refusal=_("A private key starts with pk_. The six-character public key can't send events."),
    ),
    client=KlaviyoClient(),
    api=API,
    drops_copies=True,
    keeps_history=True,
    batch=2000,
)
