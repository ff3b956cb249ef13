"""The page speaks both languages, and every text that it asks for exists."""

import json
import re
from pathlib import Path
from typing import Any

import alerting
from alerting.domain.model import Kind, Resolution, Severity
from alerting.rulebook import load_rulebook
from services.alerting.tests.conftest import RULES_FOLDER

PAGES = Path(alerting.__file__).parent / "pages"
SHELL = Path(alerting.__file__).parents[4] / "libs/common/src/common/web/static/locales"


def texts(language: str, folder: Path = PAGES) -> dict[str, str]:
    loaded: dict[str, str] = json.loads((folder / "locales" / f"{language}.json").read_text("utf-8"))
    return loaded


def test_both_languages_have_the_same_texts_with_the_same_blanks() -> None:
    vi, en = texts("vi"), texts("en")
    assert set(vi) == set(en)
    blanks = re.compile(r"\{\w+\}")
    assert [key for key in vi if set(blanks.findall(vi[key])) != set(blanks.findall(en[key]))] == []


def test_every_text_that_the_scripts_name_exists() -> None:
    shell: dict[str, Any] = json.loads((SHELL / "vi.json").read_text("utf-8"))
    named = {
        key
        for script in PAGES.glob("*.js")
        for key in re.findall(r"""\bt\(\s*'([a-z0-9._-]+)'""", script.read_text("utf-8"))
    }
    assert len(named) > 40
    assert sorted(named - set(texts("vi")) - set(shell)) == []


def test_every_kind_severity_end_and_rung_has_a_name() -> None:
    vi = texts("vi")
    rules = load_rulebook(RULES_FOLDER).versions[-1].rules
    rungs = {
        f"rung.{rung.role}.{rung.reach}"
        for kind in rules.kinds.values()
        for call in kind.calls.values()
        for rung in call.ladder
    }
    words = (
        {f"kind.{kind}" for kind in Kind}
        | {f"severity.{severity}" for severity in Severity}
        | {f"resolution.{resolution}" for resolution in Resolution}
        | rungs
    )
    assert sorted(words - set(vi)) == []


def test_nothing_on_the_page_is_inline_or_from_elsewhere() -> None:
    html = (PAGES / "inbox.html").read_text("utf-8")
    assert "style=" not in html
    assert re.findall(r"<script(?![^>]*src=)", html) == []
    for file in (*PAGES.glob("*.js"), *PAGES.glob("*.css"), PAGES / "inbox.html"):
        assert "http" not in file.read_text("utf-8").replace("http-equiv", ""), file
