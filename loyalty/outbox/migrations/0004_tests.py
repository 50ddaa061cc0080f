"""An event knows whether it is a test's; the SQL that writes it, under its new signature."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_attempts")]

    operations = [
        migrations.AddField(
            model_name="event", name="is_test", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS outbox_append(bigint, text, bigint, bigint, jsonb, timestamptz)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL((SQL / "append.sql").read_text(), migrations.RunSQL.noop),
    ]
