"""A redemption knows whether it is a test."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_excluded_by"),
        ("programs", "0005_shadow_test_mode"),
        ("rewards", "0007_entry_reward"),
    ]

    operations = [
        migrations.AddField(
            model_name="redemption",
            name="is_test",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="redemption",
            index=models.Index(
                condition=models.Q(("is_test", True)), fields=["program", "member"], name="redemption_tests"
            ),
        ),
    ]
