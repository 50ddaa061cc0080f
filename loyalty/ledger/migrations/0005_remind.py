"""An account knows when its member was last told of points that end soon; the SQL that tells them."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_mature_set")]

    operations = [
        migrations.AddField(model_name="account", name="expiry_told_at", field=models.DateTimeField(null=True)),
        migrations.RunSQL((SQL / "remind.sql").read_text(), migrations.RunSQL.noop),
    ]
