"""What imports bring to accounts, and how whole lots are taken back: the SQL that does."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_listing")]

    operations = [migrations.RunSQL((SQL / "bring.sql").read_text(), migrations.RunSQL.noop)]
