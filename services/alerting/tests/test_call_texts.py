"""The page of one's own channels speaks both languages, and every text that its scripts name exists."""

import json
import re

from alerting.domain.channels import CHANNELS
from alerting.routes import WATCHERS
from alerting.views.recipients import FIELDS
from services.alerting.tests.test_page_texts import PAGES, SHELL, texts

CALLS = PAGES / "calls"


def test_both_languages_have_the_same_texts_with_the_same_blanks() -> None:
    vi, en = texts("vi", CALLS), texts("en", CALLS)
    assert set(vi) == set(en)
    blanks = re.compile(r"\{\w+\}")
    assert [key for key in vi if set(blanks.findall(vi[key])) != set(blanks.findall(en[key]))] == []


def test_every_text_that_the_scripts_name_exists() -> None:
    shell = json.loads((SHELL / "vi.json").read_text("utf-8"))
    named = {f"channel.{name}" for name in CHANNELS} | {f"address.{name}" for name in FIELDS}
    named |= {f"push.{state}" for state in ("on", "off", "off-here", "denied", "unsupported")}
    named |= {f"weekday.{day}" for day in range(7)} | {f"role.{role}" for role in WATCHERS}
    for script in (CALLS / "calls.js", CALLS / "push.js", CALLS / "duty.js"):
        named |= set(re.findall(r"""\bt\(\s*'([a-z0-9._-]+)'""", script.read_text("utf-8")))
    assert sorted(named - set(texts("vi", CALLS)) - set(shell)) == []


def test_the_inbox_has_the_words_for_who_was_called() -> None:
    named = set(re.findall(r"""\bt\(\s*'([a-z0-9._-]+)'""", (CALLS / "called.js").read_text("utf-8")))
    named |= {f"channel.{name}" for name in (*CHANNELS, "people")}
    named |= {f"notice.{state}" for state in ("waiting", "sent", "delivered", "failed", "dropped")}
    assert sorted(named - set(texts("vi"))) == []


def test_nothing_on_the_page_is_inline_or_from_elsewhere() -> None:
    for page in CALLS.glob("*.html"):
        html = page.read_text("utf-8")
        assert "style=" not in html
        assert re.findall(r"<script(?![^>]*src=)", html) == []
    for file in CALLS.glob("*.*"):
        assert "http" not in file.read_text("utf-8"), file
