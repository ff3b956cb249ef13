"""The wall's files: texts in both languages, nothing inline, nothing from elsewhere."""

import json
import re
from pathlib import Path

import pytest

import ioc_aggregation
from common.web.pages import STATIC

PAGES = Path(ioc_aggregation.__file__).parent / "pages"
SCRIPTS = sorted(PAGES.glob("*.js"))


def texts(language: str) -> dict[str, str]:
    return json.loads((PAGES / "locales" / f"{language}.json").read_text("utf-8"))


def test_both_languages_say_the_same_things() -> None:
    vietnamese, english = texts("vi"), texts("en")
    assert vietnamese.keys() == english.keys()
    for key, text in vietnamese.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[key])), key


def test_every_text_that_the_wall_asks_for_exists() -> None:
    known = texts("vi") | json.loads((STATIC / "locales" / "vi.json").read_text("utf-8"))
    asked = {key for file in SCRIPTS for key in re.findall(r"'(wall\.[\w.-]+)'", file.read_text("utf-8"))}
    assert asked - known.keys() == set()
    made = {f"wall.level-{n}" for n in range(1, 5)} | {
        f"wall.severity.{s}" for s in ("critical", "warning", "info")
    }
    made |= {f"wall.state.{s}" for s in ("waiting", "escalated", "taken", "resolved")}
    assert made <= known.keys()
    assert known.keys() - asked - made - {k for k in known if not k.startswith("wall.")} <= {
        "wall.title",
        *(k for k in known if k.startswith(("wall.condition.", "wall.source."))),
    }


@pytest.mark.parametrize("file", [*PAGES.glob("*.html"), *SCRIPTS], ids=lambda file: file.name)
def test_nothing_inline_and_nothing_from_elsewhere(file: Path) -> None:
    source = file.read_text("utf-8")
    assert not re.search(r'<style|\sstyle="|\son\w+="', source)
    assert not re.findall(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"https?://", source)


async def test_the_wall_is_served_under_a_strict_policy(running) -> None:
    response = await running.client.get("/")
    assert response.status_code == 200
    assert "unsafe" not in response.headers["content-security-policy"]
    assert '<meta name="oidc-issuer"' in response.text
    assert (await running.client.get("/pages/wall.js")).status_code == 200
