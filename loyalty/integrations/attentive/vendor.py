"""Attentive as a row of the table of vendors."""

from loyalty.integrations.attentive.client import API, AttentiveClient
from loyalty.integrations.vendor import KeyForm, Vendor

ATTENTIVE = Vendor(
    slug="attentive",
    label="Attentive",
    about="Starts journeys when members earn, redeem or rise, and keeps balance and tier as their custom attributes.",
    key=KeyForm(
        label="API key",
        begins_with="",
        placeholder="",
        where="In Attentive: Marketplace, Create app, with Write for Custom Events and Custom Attributes and nothing else.",
        refusal="",
    ),
    client=AttentiveClient(),
    api=API,
    batch=100,
)
