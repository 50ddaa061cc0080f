"""Test mode has a second form, and a say in whether others hear of tests."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0004_api_key_points"),
    ]

    operations = [
        migrations.AddField(
            model_name="program",
            name="sends_test_events",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="program",
            name="test_mode",
            field=models.CharField(
                choices=[
                    ("off", "Off"),
                    ("shadow", "Listed members try it out, everybody else goes on"),
                    ("restrict", "Only listed customers earn"),
                ],
                default="off",
                max_length=10,
            ),
        ),
    ]
