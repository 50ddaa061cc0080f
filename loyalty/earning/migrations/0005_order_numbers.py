"""Installs the function that approves many anew: its events name the order, and say what comes from a referral."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("earning", "0004_approve_set")]

    operations = [migrations.RunSQL((SQL / "approve.sql").read_text(), migrations.RunSQL.noop)]
