"""Awards read which collections and product tags a campaign is for."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("earning", "0006_remarks"), ("campaigns", "0003_collections_and_tags")]

    operations = [migrations.RunSQL((SQL / "facts.sql").read_text(), migrations.RunSQL.noop)]
