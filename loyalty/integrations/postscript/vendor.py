"""Postscript as a row of the table of vendors."""

from django.utils.translation import gettext_noop as _

from loyalty.integrations.postscript.client import API, SLUG, PostscriptClient, credentials
from loyalty.integrations.vendor import KeyForm, Vendor

POSTSCRIPT = Vendor(
    slug=SLUG,
    label="Postscript",
    about=_(
        "Starts SMS automations when subscribers earn, redeem or rise, and keeps balance and tier as their properties."
    ),
    key=KeyForm(
        label=_("Private API key"),
        begins_with="sk_",
        placeholder="sk_…",
        where=_(
            "In Postscript: API, Private key. Below the enterprise plan Postscript gives keys to approved partners only."
        ),
        refusal=_("A private key starts with sk_; a key that starts with pk_ never works here."),
    ),
    client=PostscriptClient(),
    api=API,
    needs_email=False,
    batch=50,
    credentials=credentials,
)
