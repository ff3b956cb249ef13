"""The officer's page: every text it asks for exists in both languages, and nothing is inline."""

import json
import re
from pathlib import Path

import pytest

import quarantine
from common.web.pages import STATIC

PAGES = Path(quarantine.__file__).parent / "pages"
SCRIPTS = sorted(PAGES.rglob("*.js"))


def texts(language: str) -> dict[str, str]:
    return json.loads((PAGES / "locales" / f"{language}.json").read_text("utf-8"))


def test_both_languages_have_the_same_texts_with_the_same_gaps():
    vietnamese, english = texts("vi"), texts("en")

    assert vietnamese.keys() == english.keys()
    for key, text in vietnamese.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_text_that_a_script_asks_for_exists(script):
    asked = set(re.findall(r"'(cases\.[a-z0-9.-]+)'", script.read_text("utf-8")))

    assert asked <= texts("vi").keys()


def test_texts_that_are_composed_exist_for_every_word_of_the_api():
    from quarantine.domain.model import Category, ExtensionReason, Origin, Outcome, Place

    wanted = [f"cases.category.{word}" for word in Category]
    wanted += [f"cases.reason.{word}" for word in ExtensionReason]
    wanted += [f"cases.end.{word}" for word in Outcome]
    wanted += [f"cases.place.{word}" for word in Place]
    wanted += [f"cases.origin.{word}" for word in Origin]

    assert set(wanted) <= texts("vi").keys()


def test_nothing_is_inline():
    page = (PAGES / "cases.html").read_text("utf-8")

    assert "<style" not in page
    assert " style=" not in page + "".join(script.read_text("utf-8") for script in SCRIPTS)
    assert not re.search(r"<script(?![^>]*src=)", page)


@pytest.mark.parametrize("folder", ["lists", "stats", "verify"])
def test_the_pages_of_the_office_say_the_same_in_both_languages_and_lack_no_text(folder):
    vietnamese, english = (
        json.loads((PAGES / folder / "locales" / f"{language}.json").read_text("utf-8"))
        for language in ("vi", "en")
    )
    scripts = "".join(
        script.read_text("utf-8") for script in (PAGES / folder).glob("*.js") if script.name != "paper.js"
    )

    assert vietnamese.keys() == english.keys()
    for key, text in vietnamese.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key
    assert set(re.findall(r"\bt\('([a-z0-9_.-]+)'", scripts)) <= vietnamese.keys()
    if folder == "lists":
        shared = (STATIC / "uploads.js").read_text("utf-8")
        assert {f"lists.{name}" for name in re.findall(r"\bsaid\('([\w-]+)'", shared)} <= vietnamese.keys()
    for page in (PAGES / folder).glob("*.html"):
        assert not re.search(r"<style| style=|<script(?![^>]*src=)", page.read_text("utf-8"))


def test_texts_of_contacts_and_merges_exist_for_every_word_of_the_api():
    from typing import get_args

    from quarantine.domain.chains import Reached
    from quarantine.domain.contacts import Closeness, Setting
    from quarantine.views.merge_views import Chosen

    wanted = [f"cases.chain.reached.{word}" for word in Reached]
    wanted += [f"cases.chain.near.{word}" for word in Closeness]
    wanted += [f"cases.chain.place.{word}" for word in Setting]
    wanted += [f"cases.merge.field.{word}" for word in get_args(Chosen)]

    assert set(wanted) <= texts("vi").keys()
