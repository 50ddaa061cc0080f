"""Accounts, entries, lots and holds know what is a test; the SQL that marks it."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0007_merged_into"),
        ("members", "0003_excluded_by"),
        ("programs", "0005_shadow_test_mode"),
        ("outbox", "0004_tests"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="cleaned_sequence",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="account",
            name="cleaning_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="test_lifetime",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="account",
            name="has_tests",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="account",
            name="is_testing",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="entry",
            name="is_test",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="hold",
            name="is_test",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="lot",
            name="is_test",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opening", "Opening balance"),
                    ("accrual", "Earned"),
                    ("rejection", "Rejected"),
                    ("reversal", "Reversed"),
                    ("adjustment", "Adjusted"),
                    ("expiry", "Expired"),
                    ("redemption", "Redeemed"),
                    ("return", "Returned"),
                    ("forgiveness", "Debt forgiven"),
                    ("merge", "Merged"),
                    ("clean_up", "Test cleaned up"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("has_tests", True)), fields=["program", "id"], name="account_with_tests"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("is_test", True)), fields=["account", "sequence"], name="entry_tests"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_testing", False), ("has_tests", True), _connector="OR"),
                name="account_testing_has_tests",
            ),
        ),
        migrations.RunSQL(  # it returns more than before, which a replacement may not
            "DROP FUNCTION IF EXISTS ledger_hold(bigint, bigint, text, bigint, timestamptz)", migrations.RunSQL.noop
        ),
        *[
            migrations.RunSQL((SQL / f"{name}.sql").read_text(), migrations.RunSQL.noop)
            for name in ("lots", "accrue", "hold", "mature", "remind")
        ],
    ]
