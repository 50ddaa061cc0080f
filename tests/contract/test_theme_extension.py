"""The theme extension, judged by Shopify's own theme check, and by the budgets and shapes it does not look at."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contract.extensions import NODE, PROJECT
from tests.contract.test_shopify_cli import CLI

FOLDER = PROJECT / "theme_extension"
BLOCKS = sorted(FOLDER.glob("blocks/*.liquid"))


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "theme"))


def check(theme: Path) -> subprocess.CompletedProcess[str]:
    """`shopify theme check` with the rules of app extensions, offline."""
    assert CLI.exists() and NODE.exists(), "run `make test`: it installs the pinned Node packages (needs npm)"
    quiet = {"SHOPIFY_CLI_NO_ANALYTICS": "1", "CI": "1", "NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}
    home = {"HOME": str(theme.parent), "XDG_CONFIG_HOME": str(theme.parent)}
    path = {"PATH": f"{NODE.parent}:{os.environ['PATH']}"}
    rules = ["-C", "theme-check:theme-app-extension", "--fail-level", "error"]
    return subprocess.run(
        [str(NODE), str(CLI), "theme", "check", "--path", str(theme), *rules],
        env={**home, **path, **quiet}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip


def schema(block: Path) -> dict:
    found = re.search(r"\{% schema %\}(.*?)\{% endschema %\}", block.read_text(), re.S)
    assert found, block
    return json.loads(found[1])


def keys(words: dict, before: str = "") -> set[str]:
    """Every key of a file of words, with dots."""
    found = set()
    for name, each in words.items():
        found |= keys(each, f"{before}{name}.") if isinstance(each, dict) else {f"{before}{name}"}
    return found


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2), 1 to 21."""

    def light(colour: str) -> float:
        shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


class TestThemeCheck:
    def test_finds_no_fault(self, theme):
        done = check(theme)
        assert done.returncode == 0, done.stdout

    def test_would_notice_a_mistake(self, theme):
        block = theme / "blocks" / "referral.liquid"
        block.write_text(
            block.read_text().replace("{{ block.settings.text | escape }}", "{% if block.settings.text %}")
        )
        assert check(theme).returncode != 0


class TestABlock:
    @pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.stem)
    def test_has_a_name_of_at_most_25_characters_and_files_that_are_there(self, block):
        said = schema(block)
        words = json.loads((FOLDER / "locales" / "en.default.schema.json").read_text())
        name = words["loyalty"]["name"] if said["name"] == "t:loyalty.name" else said["name"]
        assert 0 < len(name) <= 25
        for kind in ("javascript", "stylesheet"):
            assert kind not in said or (FOLDER / "assets" / said[kind]).is_file()

    @pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.stem)
    def test_has_words_for_every_key_it_names(self, block):
        words = json.loads((FOLDER / "locales" / "en.default.json").read_text())
        for key in re.findall(r"'([\w.]+)' \| t\b", block.read_text()):
            found = words
            for part in key.split("."):
                found = found[part]
            assert isinstance(found, str)

    def test_has_the_same_words_in_every_language(self):
        for kind in (".json", ".schema.json"):
            english = keys(json.loads((FOLDER / "locales" / f"en.default{kind}").read_text()))
            others = [path for path in FOLDER.glob(f"locales/*{kind}") if path.name.count(".") == kind.count(".")]
            assert [path.name for path in others] == [f"de{kind}"]
            for path in others:
                assert keys(json.loads(path.read_text())) == english, path.name

    @pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.stem)
    def test_stands_in_the_body_and_has_words_for_what_the_editor_shows(self, block):
        said = schema(block)
        assert said["target"] == "body"
        words = keys(json.loads((FOLDER / "locales" / "en.default.schema.json").read_text()))
        for key in re.findall(r'"t:([\w.]+)"', block.read_text()):
            assert key in words

    def test_of_the_launcher_begins_with_colours_that_can_be_read(self):
        usual = {each["id"]: each["default"] for each in schema(FOLDER / "blocks" / "loyalty.liquid")["settings"]}
        assert contrast(usual["color"], usual["text_color"]) >= 4.5


class TestTheBudget:
    def test_of_a_block_is_kept_by_all_scripts_together(self):
        assert sum(path.stat().st_size for path in FOLDER.glob("assets/*.js")) <= 10_000

    def test_of_styles_is_kept(self):
        assert sum(path.stat().st_size for path in FOLDER.glob("assets/*.css")) <= 100_000
