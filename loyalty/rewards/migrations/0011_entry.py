"""A reward's entries are found from its redemptions, newest first: when they took their points, and by which entry."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_WHEN = """UPDATE rewards_redemption r SET captured_at = e.created_at FROM ledger_entry e
    WHERE e.id = r.entry_id AND r.captured_at IS NULL"""


class Migration(migrations.Migration):
    dependencies = [("rewards", "0010_position"), ("ledger", "0010_bring")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("redemption", "entry_id"),
                migrations.AddField(
                    "redemption",
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="spent_on",
                        to="ledger.entry",
                    ),
                ),
            ],
        ),
        migrations.AddField("redemption", "captured_at", models.DateTimeField(null=True)),
        migrations.RunSQL(_WHEN, migrations.RunSQL.noop),
        migrations.AddIndex(
            "redemption",
            models.Index(fields=["reward", "-captured_at"], name="redemption_by_reward", condition=~Q(entry=None)),
        ),
        migrations.AddIndex(
            "redemption",
            models.Index(fields=["entry"], name="redemption_by_entry", condition=~Q(entry=None)),
        ),
    ]
