"""What members missed while a programme was restricted to test customers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0003_excluded_by"),
        ("programs", "0005_shadow_test_mode"),
    ]

    operations = [
        migrations.CreateModel(
            name="Skip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("award", "Points of an earning rule"),
                            ("tier_entry", "Points for reaching a tier"),
                            ("reward", "A reward for reaching a tier"),
                        ],
                        max_length=10,
                    ),
                ),
                ("identity", models.CharField(max_length=120, null=True)),
                ("name", models.CharField(max_length=200)),
                ("points", models.BigIntegerField()),
                ("facts", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("given", "Awarded"),
                            ("nothing", "Nothing to award"),
                            ("discarded", "Discarded"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("sentence", models.CharField(blank=True, default="", max_length=300)),
                ("occurred_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="members.member",
                    ),
                ),
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
                "indexes": [
                    models.Index(fields=["program", "-created_at", "-id"], name="skip_newest"),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["program", "id"], name="skip_waiting"
                    ),
                    models.Index(fields=["member"], name="skip_by_member"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("identity__isnull", False)),
                        fields=("member", "identity"),
                        name="skip_once_per_identity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="skip_decided_at",
                    ),
                ],
            },
        ),
    ]
