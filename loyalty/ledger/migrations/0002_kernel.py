"""Installs the SQL of `loyalty.ledger`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


def install(name: str) -> migrations.RunSQL:
    """Returns the operation that installs one file; it stays installed on the way back, its tables go anyway."""
    return migrations.RunSQL((SQL / f"{name}.sql").read_text(), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    """Functions the hot paths call in one round trip."""

    dependencies = [("ledger", "0001_initial"), ("outbox", "0002_append")]

    operations = [
        install(name)
        for name in (
            "append_only",
            "lots",
            "accrue",
            "hold",
        )
    ]
