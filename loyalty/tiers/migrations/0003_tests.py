"""Tiers know where a test customer stood before, and which entry points were a test."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_excluded_by"),
        ("programs", "0005_shadow_test_mode"),
        ("tiers", "0002_engine"),
    ]

    operations = [
        migrations.AddField(
            model_name="tierentrygrant",
            name="is_test",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="StandingBeforeTest",
            fields=[
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="members.member",
                    ),
                ),
                ("is_locked", models.BooleanField(default=False)),
                ("reached_at", models.DateTimeField(null=True)),
                ("falls_at", models.DateTimeField(null=True)),
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="tiers.tier"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
