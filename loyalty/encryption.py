"""Secrets at rest: a text column that only this process's keys can read.

Keys come from `ENCORE_SECRET_KEYS`, newest first; a value that none of them opens raises and is never passed on as
text (reliability facts, section 11).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    _TextField = models.TextField[str | None, str | None]
else:
    _TextField = models.TextField


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def box() -> MultiFernet:
    """Returns the box of the present keys: encrypts with the newest, opens with any."""
    return _box(tuple(settings.ENCORE_SECRET_KEYS))


class EncryptedTextField(_TextField):
    """A text column encrypted with Fernet (AES-128-CBC and HMAC). It cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        """Returns the ciphertext that is stored; `None` stays `None`."""
        return None if value is None else box().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        """Returns the plain text. `InvalidToken` is never caught: a wrong key fails closed."""
        return None if value is None else box().decrypt(value.encode()).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuses every lookup but `isnull`: ciphertexts of one text differ."""
        if lookup_name != "isnull":
            raise TypeError("an encrypted field cannot be searched")
        return super().get_lookup(lookup_name)
