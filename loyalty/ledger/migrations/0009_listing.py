import django.db.models.fields.json
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0008_tests"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="account",
            index=models.Index(condition=models.Q(("debt__gt", 0)), fields=["program", "id"], name="account_owing"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("kind", "accrual"), _negated=True),
                fields=["program", "kind", "-created_at", "-id"],
                name="entry_by_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                models.F("program"),
                django.db.models.functions.comparison.Coalesce(
                    django.db.models.fields.json.KeyTextTransform("door", "details"),
                    models.F("source"),
                    output_field=models.TextField(),
                ),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                django.db.models.fields.json.KeyTextTransform("actor", "details"),
                name="entry_by_door",
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("state", "available")),
                fields=["program", "entry"],
                name="lot_matured",
            ),
        ),
    ]
