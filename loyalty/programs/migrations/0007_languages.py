"""The languages of what customers read."""

import django.contrib.postgres.fields
from django.db import migrations, models

import loyalty.programs.models


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0006_shopify_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="program",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10), default=loyalty.programs.models.main_language, size=None
            ),
        ),
    ]
