"""docs/marketing-platforms.md names every event, property and spelling, and nothing there is not."""

import re
from pathlib import Path

import pytest

from loyalty.integrations import naming, profile
from loyalty.integrations.omnisend.mapping import custom
from loyalty.integrations.postscript.mapping import spelt
from loyalty.integrations.vendors import VENDORS

TEXT = (Path(__file__).parents[3] / "docs/marketing-platforms.md").read_text("utf-8")
TABLES = [
    [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    for table in re.findall(r"(?:^\|.*\n)+", TEXT, re.M)
]
FIELDS = (*profile.FIELDS, profile.BIRTHDAY)


def test_every_event_has_its_row():
    assert {row[0].partition(",")[0] for row in TABLES[0]} == {named.name for named in naming.EVENTS.values()}


@pytest.mark.parametrize("named", naming.EVENTS.values(), ids=naming.EVENTS)
def test_every_property_of_an_event_is_named(named):
    (row,) = [row for row in TABLES[0] if row[0].partition(",")[0] == named.name]
    assert named.properties(named.sample, None).keys() <= set(re.findall(r"`([^`]+)`", row[2]))
    assert ("off at first" in row[0]) is not named.is_usual


def test_every_profile_property_is_spelt_as_it_is_sent():
    rows = {row[0].partition(",")[0]: row for row in TABLES[1]}
    assert rows.keys() == {field.name for field in FIELDS}
    for field in FIELDS:
        assert rows[field.name][1:3] == [*custom({field.name: "x"}), spelt(field.name)]


def test_every_vendor_is_named():
    assert all(vendor.label in TEXT for vendor in VENDORS)
