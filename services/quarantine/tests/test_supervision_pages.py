"""The pages of supervision: every text exists in both languages, and only one asks where a phone is."""

import json
import re
from pathlib import Path

import pytest

import quarantine
from quarantine.domain.supervision.model import (
    BreachState,
    ContactKind,
    ContactResult,
    NeedKind,
    Rung,
    Verdict,
)
from quarantine.ports.supervision import WatchList

PAGES = Path(quarantine.__file__).parent / "pages" / "supervision"
SCRIPTS = sorted(PAGES.glob("*.js"))


def texts(language: str) -> dict[str, str]:
    return json.loads((PAGES / "locales" / f"{language}.json").read_text("utf-8"))


def test_both_languages_have_the_same_texts_with_the_same_gaps():
    vietnamese, english = texts("vi"), texts("en")

    assert vietnamese.keys() == english.keys()
    for key, text in vietnamese.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_text_that_a_script_asks_for_exists(script):
    asked = set(re.findall(r"'((?:watch|check|help)\.[a-z0-9._-]+)'", script.read_text("utf-8")))

    assert asked <= texts("vi").keys()


def test_texts_that_are_composed_exist_for_every_word_of_the_api():
    wanted = [f"watch.list.{word}" for word in WatchList] + [f"watch.none.{word}" for word in WatchList]
    wanted += [f"watch.do.{word}" for word in Rung] + [f"watch.verdict.{word}" for word in Verdict]
    wanted += [f"watch.contact.{word}" for word in ContactKind]
    wanted += [f"watch.result.{word}" for word in ContactResult]
    wanted += [f"watch.need.{word}" for word in NeedKind] + [f"watch.state.{word}" for word in BreachState]
    wanted += [f"check.told.{word}" for word in Verdict]

    assert set(wanted) <= texts("vi").keys()


async def test_only_the_check_in_may_ask_where_a_phone_is(running):
    asking = await running.client.get("/diem-danh")
    officers = await running.client.get("/cases")

    assert asking.status_code == 200
    assert "geolocation=(self)" in asking.headers["permissions-policy"]
    assert "geolocation=()" in officers.headers["permissions-policy"]
    assert "'unsafe-inline'" not in asking.headers["content-security-policy"]
    assert " style=" not in asking.text
