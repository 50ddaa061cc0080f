"""Friends' codes that wait or were refused are found among all that are done."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_tests")]

    operations = [
        migrations.AddIndex(
            "referral",
            models.Index(
                fields=["program", "-claimed_at", "-id"],
                name="referral_code_open",
                condition=Q(code_state__in=["wanted", "unwanted", "refused"]),
            ),
        ),
    ]
