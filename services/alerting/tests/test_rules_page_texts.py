"""The page of the rules has a word for everything that the rules say, in both languages."""

import json
import re
from pathlib import Path

import alerting
from alerting.domain.model import Kind
from alerting.domain.storms import Cause
from alerting.rulebook import load_rulebook
from alerting.views.rules import RulesDesk
from common.clocks import FrozenClock
from common.geo import Units
from services.alerting.tests.conftest import NOON, RULES_FOLDER

PAGES = Path(alerting.__file__).parent / "pages"


def texts(folder: str, language: str = "vi") -> dict[str, str]:
    loaded: dict[str, str] = json.loads((PAGES / folder / f"{language}.json").read_text("utf-8"))
    return loaded


def test_both_languages_have_the_same_texts_with_the_same_blanks() -> None:
    vi, en = texts("rules/locales"), texts("rules/locales", "en")
    blanks = re.compile(r"\{\w+\}")
    assert set(vi) == set(en)
    assert [key for key in vi if set(blanks.findall(vi[key])) != set(blanks.findall(en[key]))] == []


def test_every_text_that_the_scripts_name_exists() -> None:
    known = texts("rules/locales").keys() | texts("locales").keys()
    named = {
        key
        for script in (PAGES / "rules").glob("*.js")
        for key in re.findall(r"""\bt\(\s*'([a-z0-9._-]+)'""", script.read_text("utf-8"))
    }
    assert len(named) > 40
    assert sorted(named - known) == []


def test_every_kind_code_and_cause_has_a_name() -> None:
    words = texts("rules/locales") | texts("locales")
    desk = RulesDesk(load_rulebook(RULES_FOLDER), Units.load(), FrozenClock(NOON))
    shown = desk.of(None)
    nameless = [
        f"{kind.condition}.{when.code}"
        for kind in shown.kinds
        for when in kind.whens
        if when.code
        and not {f"rules.when.{kind.condition}.{when.code}", f"criterion.{when.code}", f"level.{when.code}"}
        & set(words)
    ]
    assert nameless == []
    assert {kind.condition for kind in shown.kinds} == set(Kind)
    assert sorted({f"rules.from.{kind}" for kind in Kind} - set(words)) == []
    assert sorted({f"storm.cause.{cause}" for cause in Cause} - set(words)) == []
