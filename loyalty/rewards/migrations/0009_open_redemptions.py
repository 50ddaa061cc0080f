"""Codes that wait, failed or are being changed are found among millions that are done."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("rewards", "0008_tests")]

    operations = [
        migrations.AddIndex(
            "redemption",
            models.Index(
                fields=["program", "-created_at", "-id"],
                name="redemption_open",
                condition=Q(state__in=["holding", "failed"]) | ~Q(follow_up=""),
            ),
        ),
    ]
