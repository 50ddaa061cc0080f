"""Test awards are found; an award asks its account whether it is one, and draws no budget then."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("earning", "0008_facts_of_grace"),
        ("members", "0003_excluded_by"),
        ("programs", "0005_shadow_test_mode"),
        ("ledger", "0008_tests"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="award",
            index=models.Index(condition=models.Q(("is_test", True)), fields=["program", "member"], name="award_tests"),
        ),
        migrations.RunSQL(  # the account says what an argument said before
            """DROP FUNCTION IF EXISTS earning_award(bigint, bigint, bigint, bigint, int, bigint, text, text, text, text, bigint,
                numeric, numeric, jsonb, text, text, text, text, boolean, timestamptz, timestamptz, timestamptz, jsonb, jsonb,
                jsonb, jsonb, timestamptz)""",
            migrations.RunSQL.noop,
        ),
        *[migrations.RunSQL((SQL / f"{name}.sql").read_text(), migrations.RunSQL.noop) for name in ("facts", "award")],
    ]
