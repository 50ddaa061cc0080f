from django.db import migrations, models


def say_who(apps, schema_editor):
    """Until now staff had excluded everybody who was, but for those who asked to be forgotten."""
    members = apps.get_model("members", "Member")._base_manager
    members.filter(status="excluded", redacted_at=None).update(excluded_by="staff")


class Migration(migrations.Migration):
    dependencies = [("members", "0002_engine")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="excluded_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("staff", "Staff"),
                    ("tag", "A tag in the shop"),
                    ("customer", "The customer, who opted out"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.RunPython(say_who, migrations.RunPython.noop),
    ]
