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
