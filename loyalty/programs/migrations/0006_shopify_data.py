"""Two switches for what is written into the shop itself: Mage's metafields, and a tag per VIP tier. Both begin off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0005_shadow_test_mode"),
    ]

    operations = [
        migrations.AddField(
            model_name="program",
            name="writes_mage_metafields",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="program",
            name="writes_tier_tags",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
