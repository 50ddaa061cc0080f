"""What is stored of a shop: its programme, and the tokens that open its Admin API, encrypted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

from loyalty.encryption import EncryptedTextField
from loyalty.programs.models import Program

REFRESH_BEFORE = timedelta(minutes=5)


class Shop(models.Model):
    """A Shopify shop that has installed Encore. Found by its domain before a programme is in scope, so no tenant row.

    A shop without tokens is uninstalled, or waits for its merchant to open the app (`needs_reauth_at`).
    """

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="shop")
    domain = models.CharField(max_length=255, unique=True)
    access_token = EncryptedTextField(null=True)
    access_token_expires_at = models.DateTimeField(null=True)
    refresh_token = EncryptedTextField(null=True)
    refresh_token_expires_at = models.DateTimeField(null=True)
    scopes = models.TextField(blank=True, default="")
    needs_reauth_at = models.DateTimeField(null=True)
    uninstalled_at = models.DateTimeField(null=True)
    installed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["access_token_expires_at"], name="shop_by_token_end")]

    def __str__(self) -> str:
        return self.domain

    @property
    def is_connected(self) -> bool:
        """Whether there is a token to try; Shopify may still refuse it."""
        return self.access_token is not None and self.needs_reauth_at is None and self.uninstalled_at is None

    def has_fresh_token(self, *, now: datetime) -> bool:
        """Whether the access token lives longer than the margin in which it is renewed."""
        return self.lives_until(now + REFRESH_BEFORE)

    def lives_until(self, instant: datetime) -> bool:
        """Whether the access token is still good at `instant`; a token without an end always is."""
        return self.access_token_expires_at is None or self.access_token_expires_at > instant

    def forget_tokens(self) -> None:
        """Drop both tokens from the row; the caller saves."""
        self.access_token = self.refresh_token = None
        self.access_token_expires_at = self.refresh_token_expires_at = None


class FlowListener(models.Model):
    """Whether a workflow of a shop that is switched on begins with one of our triggers, as Shopify said last.

    `trigger` is a handle, or the definition's id where none of ours is known by it. No row: nobody has said anything.
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="flow_listeners", db_index=False)
    trigger = models.CharField(max_length=255)
    is_listening = models.BooleanField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "trigger"], name="flow_listener_once_per_trigger")]

    def __str__(self) -> str:
        return f"{self.trigger} {'on' if self.is_listening else 'off'}"
