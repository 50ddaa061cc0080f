"""A referral knows whether it is a test, and may end as one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="is_test",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="referral",
            name="ended_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("declined", "Declined by staff"),
                    ("order_undone", "The order was cancelled or refunded in full"),
                    ("same_person", "Advocate and friend are the same person"),
                    ("not_new", "The friend had ordered before"),
                    ("too_small", "The first order was smaller than you ask for"),
                    ("test", "It was a test, and was cleaned up"),
                ],
                default="",
                max_length=20,
            ),
        ),
    ]
