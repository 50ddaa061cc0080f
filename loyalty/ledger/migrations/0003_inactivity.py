"""An account knows when inactivity ends its points; due lots are found shop by shop; the SQL that reads both, again."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_kernel"),
        ("members", "0002_engine"),
        ("programs", "0003_scheduled_runs"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="lot", name="lot_expiring"),
        migrations.AddField(
            model_name="account",
            name="inactive_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("inactive_at__isnull", False)),
                fields=["program", "inactive_at", "id"],
                name="account_inactive",
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False), ("remaining__gt", 0), ("state", "available")),
                fields=["program", "expires_at", "id"],
                name="lot_ending",
            ),
        ),
        *[
            migrations.RunSQL((SQL / f"{name}.sql").read_text(), migrations.RunSQL.noop)
            for name in ("lots", "accrue", "hold")
        ],
    ]
