"""What every template keeps to."""

import re

from config.environment import PROJECT

FORM = re.compile(r"<form\b[^>]*>")


def test_every_form_names_its_address():
    """Without one a form goes to the page's own address, whose query holds a session token after a first open."""
    nameless = [
        (str(path.relative_to(PROJECT)), form)
        for path in (PROJECT / "templates").rglob("*.html")
        for form in FORM.findall(path.read_text())
        if ' action="' not in form
    ]
    assert nameless == []


def test_every_icon_is_drawn_by_the_stand_in():
    """The browser tests see the icons of the page they end on; this sees every template's."""
    source = (PROJECT / "static/encore/polaris-standin/12-icons.js").read_text()
    drawn = set(re.findall(r'^\s+"?([a-z][a-z-]*)"?: \'<', source, flags=re.MULTILINE))
    named = set()
    for path in (PROJECT / "templates").rglob("*.html"):
        named |= set(re.findall(r'(?:\bicon|<s-icon type)="([a-z][a-z-]*)"', path.read_text()))
    assert named - drawn == set()
