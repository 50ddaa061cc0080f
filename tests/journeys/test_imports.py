"""An import over HTTP, page by page: a file goes up, its columns are matched, it is shown, done, reported and taken back."""

from __future__ import annotations

import re
import time

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope

from loyalty.imports.models import Import, ImportChunk
from loyalty.imports.operations.steps import at_work
from loyalty.imports.tasks import go_on
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account, Entry
from loyalty.programs.models import Program
from shopify_app.dashboard.operations import set_login
from tests.importing import told

pytestmark = pytest.mark.django_db
FILE = "Email,Points Balance,Birthdate,VIP Tier\nada@example.com,500,1990-04-03,\nnobody@example.com,3,,\nwrong,x,,\n"
MATCHED = {
    "kind": "members", "column_email": "0", "column_points": "1", "column_birthday": "2", "column_tier": "3",
    "sets_balance": "yes", "locks_tiers": "yes", "day_first": "no", "is_silent": "on",
}  # fmt: skip


@pytest.fixture
def program(installed_shop):
    return Program.objects.get(pk=installed_shop.program_id)


@pytest.fixture
def admin(program):
    set_login(program=program, username="mine", password="mine")
    client = Client()
    client.login(username="mine", password="mine")
    return client


def upload(admin: Client, text: str | bytes = FILE, **more) -> Import | None:
    body = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("rivo.csv", body, content_type="text/csv")
    answer = admin.post("/standalone/members/imports", {"source": "rivo", "file": file, **more})
    if answer.status_code != 303:
        return None
    numbers = re.findall(r"imports/(\d+)/match", answer["Location"])
    return Import._base_manager.get(pk=numbers[0])


def page(admin: Client, path: str) -> str:
    answer = admin.get(f"/standalone/{path}")
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def press(admin: Client, path: str, body: dict | None = None) -> None:
    assert admin.post(f"/standalone/members/imports/{path}", body or {}).status_code == 303, path
    until = time.monotonic() + 30
    while at_work() and time.monotonic() < until:  # the shop collects its customers in its own time
        go_on()
        time.sleep(0.2)


def test_from_the_file_to_the_report_and_back(admin, program):
    imported = upload(admin)
    matching = page(admin, f"members/imports/{imported.pk}/match")
    assert '<s-option value="1" selected>Points Balance (500)</s-option>' in matching
    assert ">ada@example.com</td>" in matching
    press(admin, f"{imported.pk}/match", MATCHED)
    preview = page(admin, f"members/imports/{imported.pk}")
    for words in (
        "Import 1 row", "“wrong” is no e-mail address.", "“nobody@example.com” is no customer of your shop.", "+500",
        "Nothing is sent to customers",
    ):  # fmt: skip
        assert words in preview, words
    with scope(program=program):
        assert Entry.objects.count() == 0
    press(admin, f"{imported.pk}/start")
    report = page(admin, f"members/imports/{imported.pk}")
    for words in ("1 row was imported", "500 points were added", "2 rows were left out because of an error", "by mine"):
        assert words in report, words
    with scope(program=program):
        assert Account.objects.get().available == 500
        assert ImportChunk.objects.count() == 0
        assert told() == []
    assert "Imported" in page(admin, "members/imports")
    press(admin, f"{imported.pk}/undo")
    assert "500 points were taken back" in page(admin, f"members/imports/{imported.pk}")
    press(admin, f"{imported.pk}/undo")
    with scope(program=program):
        assert (Account.objects.get().available, Entry.objects.count()) == (0, 2)
    assert audit(program_id=program.pk) == []


def test_every_error_comes_down_with_its_row_and_its_sentence(admin):
    imported = upload(admin)
    press(admin, f"{imported.pk}/match", MATCHED)
    answer = admin.post("/standalone/exports/import-errors", {"import": imported.pk})
    text = b"".join(admin.get(answer["Location"]).streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1:] == [
        "3,nobody@example.com,“nobody@example.com” is no customer of your shop. Add them in Shopify first.",
        "4,wrong,“wrong” is no e-mail address.",
    ]


def test_the_sample_can_be_uploaded_as_it_is(admin):
    answer = admin.post("/standalone/exports/import-sample")
    body = b"".join(admin.get(answer["Location"]).streaming_content)
    imported = upload(admin, body)
    assert set(imported.columns) == {"email", "points", "lifetime", "tier", "birthday", "expires_on"}


def test_what_is_wrong_with_a_file_is_said_at_the_field_and_nothing_is_stored(admin):
    for body, words in (
        (b"email,points\n", "The file has a first line and no rows."),
        (b"PK\x03\x04\x00\x00", "This is no text file."),
        (b"", "The file is empty."),
    ):
        file = SimpleUploadedFile("x.csv", body)
        answer = admin.post("/standalone/members/imports", {"source": "other", "file": file})
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    assert Import._base_manager.count() == 0


def test_a_file_that_is_too_large_is_refused(admin, settings):
    settings.ENCORE_IMPORT_MAX_BYTES = 10
    assert upload(admin) is None
    assert Import._base_manager.count() == 0


def test_a_file_larger_than_other_requests_goes_through(admin):
    rows = "".join(f"customer{n}@example.com,{n}\n" for n in range(220_000))
    assert len(rows) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert upload(admin, f"email,points\n{rows}").row_count == 220_000


def test_columns_that_find_nobody_are_refused_at_their_field(admin):
    imported = upload(admin)
    answer = admin.post(f"/standalone/members/imports/{imported.pk}/match", {**MATCHED, "column_email": ""})
    assert answer.status_code == 422
    assert "Choose the column that holds e-mail addresses or Shopify customer ids." in answer.content.decode()
    assert Import._base_manager.get().state == "uploaded"


def test_a_double_click_uploads_once(admin):
    assert upload(admin, once="abc").pk == upload(admin, once="abc").pk
    assert Import._base_manager.count() == 1


def test_a_file_is_thrown_away_before_it_was_run_and_not_after(admin, program):
    press(admin, f"{upload(admin).pk}/discard")
    assert Import._base_manager.count() == 0
    imported = upload(admin)
    press(admin, f"{imported.pk}/match", MATCHED)
    press(admin, f"{imported.pk}/start")
    press(admin, f"{imported.pk}/discard")
    assert Import._base_manager.get().state == "done"
