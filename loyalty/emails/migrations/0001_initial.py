"""Sender, switches and texts of emails to customers."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("programs", "0007_languages"),
    ]

    operations = [
        migrations.CreateModel(
            name="EmailSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender_name", models.CharField(blank=True, default="", max_length=100)),
                ("from_address", models.CharField(blank=True, default="", max_length=254)),
                ("reply_to", models.CharField(blank=True, default="", max_length=254)),
                (
                    "kinds_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), blank=True, default=list, size=None
                    ),
                ),
                ("updated_at", models.DateTimeField()),
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("program",), name="email_settings_once")],
            },
        ),
        migrations.CreateModel(
            name="EmailText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("language", models.CharField(max_length=10)),
                ("subject", models.CharField(max_length=150)),
                ("body", models.TextField()),
                ("updated_at", models.DateTimeField()),
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("program", "kind", "language"), name="email_text_once")
                ],
            },
        ),
    ]
