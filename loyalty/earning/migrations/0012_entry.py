"""An award's number of its ledger entry is named a relation, for lists that follow it. The table stays as it is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("earning", "0011_position"), ("ledger", "0010_bring")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("award", "entry_id"),
                migrations.AddField(
                    "award",
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="awards",
                        to="ledger.entry",
                    ),
                ),
            ],
        ),
    ]
