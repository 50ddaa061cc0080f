"""Installs the SQL of `loyalty.earning`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


def install(name: str) -> migrations.RunSQL:
    """Returns the operation that installs one file; it stays installed on the way back, its tables go anyway."""
    return migrations.RunSQL((SQL / f"{name}.sql").read_text(), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    """Functions the hot paths call in one round trip."""

    dependencies = [("earning", "0001_initial"), ("ledger", "0002_kernel"), ("tiers", "0001_initial")]

    operations = [install(name) for name in ("facts", "award")]
