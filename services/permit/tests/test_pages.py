"""The pages: texts in both languages, a strict policy, and no word that names a disease."""

import json
import re
from pathlib import Path

import pytest

from common.credential.refusals import Reason as Fault
from common.web.pages import STATIC
from permit.app import PAGES
from permit.domain.scans import UNREADABLE
from permit.domain.verdict import CHECKS, Reason
from permit.views.words import CERTIFICATE, TERMS_CHANGED
from services.permit.tests.conftest import Province

WORDS = json.loads((PAGES / "verifier" / "words.json").read_text("utf-8"))
FORBIDDEN = re.compile(r"f0|f1|covid|cách ly|dịch|bệnh|nhiễm|dương tính|y tế", re.IGNORECASE)
SOURCES = [file for file in PAGES.rglob("*") if file.suffix in (".js", ".html")]


def texts(language: str, folder: Path = PAGES) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(folder.glob(f"**/locales/{language}.json")):
        if folder is PAGES or file.parent.parent == folder:
            found |= json.loads(file.read_text("utf-8"))
    return found


def test_both_languages_say_the_same_things() -> None:
    vietnamese, english = texts("vi"), texts("en")
    assert vietnamese.keys() == english.keys()
    for key, text in vietnamese.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[key])), key


def test_every_text_that_a_page_asks_for_exists() -> None:
    known = texts("vi") | texts("vi", STATIC)
    asked = set()
    for file in SOURCES:
        source = file.read_text("utf-8")
        asked |= set(re.findall(r"\bt\('([\w.-]+)'", source))
        asked |= set(re.findall(r'data-t(?:-label|-title)?="([\w.-]+)"', source))
        asked |= set(
            re.findall(r"'((?:scan|permits|desk|board|firm|firms|lists|staff|mine|people)\.[\w-]+)'", source)
        )
    assert asked - known.keys() == set()


def test_every_reason_has_words_its_verdict_and_a_next_step() -> None:
    assert {*Reason, *Fault, UNREADABLE, TERMS_CHANGED, CERTIFICATE} == WORDS.keys()
    for reason in Reason:
        expected = "allowed" if reason is Reason.VALID else "check" if reason in CHECKS else "refused"
        assert WORDS[reason]["verdict"] == expected
    assert all(entry["vi"] and entry["next"] for entry in WORDS.values())


def test_no_word_at_a_checkpoint_names_a_disease() -> None:
    # A recovery certificate that somebody holds out says so itself; nothing else may.
    entries = [entry for code, entry in WORDS.items() if code != CERTIFICATE]
    spoken = [text for entry in entries for text in (entry["vi"], entry["next"])]
    spoken += [
        text
        for key, text in texts("vi").items()
        if key.startswith(("scan.", "mine.", "lists.", "firm", "board.", "sign."))
    ]
    assert [text for text in spoken if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize("path", ["/scan", "/permits", "/employer", "/firms", "/my-permits", "/board"])
async def test_a_page_comes_with_a_strict_policy(province: Province, path: str) -> None:
    page = await province.client.get(path)
    policy = page.headers["content-security-policy"]
    assert "'unsafe-inline'" not in policy
    assert "'wasm-unsafe-eval'" in policy
    assert "default-src 'self'" in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|https?://(?!127\.0\.0\.1)", page.text)


@pytest.mark.parametrize(
    "path", ["/pages/scan.js", "/pages/scan.css", "/pages/verifier/words.json", "/pages/locales/vi.json"]
)
async def test_what_a_page_loads_is_served(province: Province, path: str) -> None:
    assert (await province.client.get(path)).status_code == 200
