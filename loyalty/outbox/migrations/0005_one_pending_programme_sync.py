"""A state of the whole programme waits once, as a member's does: rows without a member differ from each other otherwise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0004_tests"),
        ("programs", "0005_shadow_test_mode"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("event", None), ("member_id", None), ("state", "pending")),
                fields=("program", "destination"),
                name="delivery_one_pending_programme_sync",
            ),
        ),
    ]
