"""What must not be in the project's files."""

import re

from tests.architecture.sources import python_files, text, tracked

BINARY = (".gz", ".png", ".jpg", ".ico", ".woff2")
THIS = "tests/architecture/test_hygiene.py"
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|work|opt|mnt)/[\w.-]+")
REGISTRY = re.compile(r"https?://(?:registry\.npmjs|pypi\.org|files\.pythonhosted|[\w.-]*artifactory)", re.I)
REAL_SECRET = re.compile(r"shp(?:at|ss|rt|ca)_[0-9a-f]{32}|-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}")
LEFT_OPEN = re.compile(r"\b(?:TODO|FIXME|XXX)\b|NotImplementedError")
SKIPS = re.compile(r"pytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)\b|@(?:skip|xfail)")
IGNORES = re.compile(
    r"#\s*(?:type: ignore|noqa|nosec)(?:\[[^\]]*\]|:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)?(?P<reason>.*)"
)


def lines_with(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name in names
        if name != THIS
        for number, line in enumerate(text(name).splitlines(), 1)
        if pattern.search(line)
    ]


def texts() -> list[str]:
    return [name for name in tracked() if not name.endswith(BINARY)]


class TestTheFiles:
    def test_hold_no_path_of_a_machine(self):
        assert lines_with(MACHINE_PATH, texts()) == []

    def test_name_no_package_registry(self):
        assert lines_with(REGISTRY, texts()) == []

    def test_hold_no_secret(self):
        assert lines_with(REAL_SECRET, texts()) == []
        assert [name for name in tracked() if name.rsplit("/", 1)[-1].startswith(".env")] == []

    def test_leave_nothing_open(self):
        assert lines_with(LEFT_OPEN, python_files()) == []

    def test_skip_no_test(self):
        assert lines_with(SKIPS, python_files("tests")) == []

    def test_give_a_reason_for_every_check_they_switch_off(self):
        bare = []
        for name in python_files():
            for number, line in enumerate(text(name).splitlines(), 1):
                found = IGNORES.search(line)
                if found and name != THIS and "#" not in found["reason"] and len(found["reason"].split()) < 3:
                    bare.append(f"{name}:{number}")
        assert bare == []

    def test_pin_every_package_exactly(self):
        loose = [
            line
            for name in ("requirements.txt", "requirements-dev.txt")
            for line in text(name).splitlines()
            if line.strip() and not line.startswith(("#", "-r")) and "==" not in line
        ]
        assert loose == []
