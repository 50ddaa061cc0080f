"""What is stored of the standalone mode: which Django user opens which programme."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class StandaloneLogin(models.Model):
    """A user of the standalone mode, tied to one programme. It is found before a programme is in scope, so it is no tenant row."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standalone_login")
    program = models.ForeignKey("programs.Program", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.user} on {self.program_id}"
