"""Who was merged away or redacted is few among many: counts leave them out by an index."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("members", "0006_language_and_emails")]

    operations = [
        migrations.AddIndex(
            "member",
            models.Index(
                fields=["program", "id"],
                name="member_gone",
                condition=Q(merged_into__isnull=False) | Q(redacted_at__isnull=False),
            ),
        ),
    ]
