"""A member's language in the shop, and when they unsubscribed from emails."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_listing"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="emails_stopped_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="member",
            name="locale",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
    ]
