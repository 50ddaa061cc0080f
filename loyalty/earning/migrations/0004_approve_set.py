"""Finds the awards whose waiting is over shop by shop, and approves many at once."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("earning", "0003_engine"), ("ledger", "0004_mature_set")]

    operations = [
        migrations.AddIndex(
            model_name="award",
            index=models.Index(
                condition=models.Q(("entry_id__isnull", False), ("status", "pending")),
                fields=["program", "due_at", "id"],
                name="award_due",
            ),
        ),
        migrations.RunSQL((SQL / "approve.sql").read_text(), migrations.RunSQL.noop),
    ]
