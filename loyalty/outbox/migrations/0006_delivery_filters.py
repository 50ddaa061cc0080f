"""The list of deliveries can be filtered on millions of rows; claims and lines find their own without walking past others'."""

from django.db import migrations, models
from django.db.models import F, Q

from loyalty.outbox.models import Family


class Migration(migrations.Migration):
    dependencies = [("outbox", "0005_one_pending_programme_sync")]

    operations = [
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["destination", "next_attempt_at"], name="delivery_next", condition=Q(state="pending")),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(F("program"), Family(), F("created_at").desc(), F("id").desc(), name="delivery_by_family"),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                fields=["program", "state", "-created_at", "-id"],
                name="delivery_by_state",
                condition=Q(state__in=["skipped", "dead", "unknown"]),
            ),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["program", "subject", "-created_at", "-id"], name="delivery_by_subject"),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["program", "member_id", "-created_at", "-id"], name="delivery_by_member"),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                F("program"),
                Family(),
                F("state"),
                F("next_attempt_at"),
                name="delivery_open",
                condition=Q(state__in=["pending", "sending", "dead", "unknown"]),
            ),
        ),
    ]
