import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_days_of_the_year"),
        ("programs", "0006_shopify_data"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                models.F("program"),
                django.db.models.functions.text.Lower("first_name"),
                django.db.models.functions.text.Lower("last_name"),
                models.F("id"),
                name="member_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("status", "excluded")),
                fields=["program", "-created_at", "-id"],
                name="member_excluded",
            ),
        ),
    ]
