"""Installs the maturing of many accruals at once."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_inactivity")]

    operations = [migrations.RunSQL((SQL / "mature.sql").read_text(), migrations.RunSQL.noop)]
