"""What is stored of the on-site display: what a theme editor cannot hold, and when the panel was opened in the shop."""

from __future__ import annotations

from django.db import models

from loyalty.tenancy import TenantModel


class Display(TenantModel):
    """What the loyalty panel of a programme shows. No row: everything, and nobody has opened it yet.

    `welcome` are the merchant's sentences by language; a language without one reads ours. `opened_first_at` and
    `opened_last_at`: when a visitor opened the panel in the shop, the last one to the hour.
    """

    shows_earning = models.BooleanField(default=True)
    shows_tiers = models.BooleanField(default=True)
    shows_history = models.BooleanField(default=True)
    welcome = models.JSONField(default=dict, blank=True)
    opened_first_at = models.DateTimeField(null=True)
    opened_last_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program"], name="display_once_per_program")]

    def __str__(self) -> str:
        return f"display of {self.program_id}"
