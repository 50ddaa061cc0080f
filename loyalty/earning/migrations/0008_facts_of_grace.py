"""An award of a member who may fall is followed by a judgement: the SQL that says so, again."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("earning", "0007_campaigns_by_collection"), ("tiers", "0002_engine")]

    operations = [migrations.RunSQL((SQL / "facts.sql").read_text(), migrations.RunSQL.noop)]
