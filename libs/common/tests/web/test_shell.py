"""The shared shell: texts in two languages, pages under a strict policy, and the declaration page."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
import yaml
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from common.web.declaration import PATH, declaration_routes, shell_files
from common.web.pages import (
    STATIC,
    PageSettings,
    content_security_policy,
    import_map,
    page_routes,
    permissions_policy,
    render,
)
from common.web.vendor import FILES, copy_all

ISSUER = "http://127.0.0.1:8100/oidc"
SETTINGS = PageSettings(oidc_issuer=ISSUER)
SCRIPTS = [file for file in STATIC.rglob("*.js") if "vendor" not in file.parts]
MARKUP = [file for file in STATIC.rglob("*.html") if "vendor" not in file.parts]


async def get(app: FastAPI, path: str) -> Response:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://la-chan.test") as client:
        return await client.get(path)


def texts(folder: Path, language: str) -> dict[str, str]:
    return json.loads((folder / f"{language}.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "folder", [STATIC / "locales", STATIC / "declare" / "locales"], ids=lambda f: f.parent.name
)
def test_both_languages_say_the_same_things(folder: Path) -> None:
    vietnamese, english = texts(folder, "vi"), texts(folder, "en")
    assert vietnamese.keys() == english.keys()
    for key, text in vietnamese.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[key])), key


def test_every_text_that_the_shell_asks_for_exists() -> None:
    known = texts(STATIC / "locales", "vi") | texts(STATIC / "declare" / "locales", "vi")
    asked = set()
    for file in SCRIPTS + MARKUP:
        source = file.read_text("utf-8")
        asked |= set(re.findall(r"\bt\('([\w.-]+)'", source))
        asked |= set(re.findall(r'data-t(?:-label|-title)?="([\w.-]+)"', source))
        asked |= set(re.findall(r"'(declare\.[\w-]+)'", source))
    assert asked - known.keys() == set()


def test_a_page_may_use_the_devices_that_it_names_and_no_other() -> None:
    none = "camera=(), geolocation=(), microphone=()"
    assert permissions_policy(SETTINGS) == none
    scanner = PageSettings(ISSUER, devices=("camera",))
    assert permissions_policy(scanner) == none.replace("camera=()", "camera=(self)")


def test_every_sign_and_vital_has_a_name() -> None:
    source = (STATIC / "declare" / "vitals.js").read_text("utf-8")
    known = texts(STATIC / "declare" / "locales", "vi")
    lists = re.findall(r"export const (?:DANGER|SIGNS) = \[(.*?)\]", source, re.DOTALL)
    signs = [sign for part in lists for sign in re.findall(r"'(\w+)'", part)]
    assert len(signs) == len(set(signs)) == 21
    assert {f"declare.sign.{sign}" for sign in signs} <= known.keys()
    assert {f"declare.vital.{name}" for name in re.findall(r"name: '(\w+)'", source)} <= known.keys()


@pytest.mark.parametrize("file", MARKUP, ids=lambda file: file.name)
def test_a_page_has_no_inline_style_or_script_and_no_foreign_address(file: Path) -> None:
    source = file.read_text("utf-8")
    assert not re.search(r'<style|\sstyle="|\son\w+="', source)
    assert not re.findall(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r'(src|href)="https?:', source)


def test_no_script_or_style_of_the_shell_names_a_foreign_host() -> None:
    for file in [*SCRIPTS, *(f for f in STATIC.rglob("*.css") if "vendor" not in f.parts)]:
        hosts = set(re.findall(r"https?://[\w.:-]+", file.read_text("utf-8")))
        assert hosts <= {"http://127.0.0.1:8100", "http://www.w3.org"}, file.name


def test_the_policy_allows_nothing_inline_but_the_import_map() -> None:
    policy = content_security_policy(SETTINGS)
    rendered = render(STATIC / "declare" / "declare.html", SETTINGS)
    [inline] = re.findall(r"<script[^>]*importmap[^>]*>(.*?)</script>", rendered)
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert inline == import_map()[0]
    assert "unsafe" not in policy
    assert "connect-src 'self' http://127.0.0.1:8100;" in policy
    assert "'wasm-unsafe-eval'" in content_security_policy(PageSettings(ISSUER, wasm=True))


async def test_the_declaration_page_its_worker_and_manifest_are_served() -> None:
    app = FastAPI()
    app.include_router(declaration_routes("f0", SETTINGS))
    opened = await get(app, "/khai-bao")
    assert '<meta name="declare-kind" content="f0">' in opened.text
    assert f'<meta name="oidc-issuer" content="{ISSUER}">' in opened.text
    assert "<!--shell-->" not in opened.text
    assert "frame-ancestors 'none'" in opened.headers["content-security-policy"]
    assert (await get(app, "/sw.js")).headers["content-type"].startswith("text/javascript")
    assert (await get(app, "/manifest.webmanifest")).json()["start_url"] == "/khai-bao"


async def test_the_service_worker_keeps_the_page_and_everything_it_imports_but_no_data() -> None:
    kept = [PATH, *(address for address, _ in shell_files())]
    assert kept[0] == "/khai-bao"
    assert "/static/outbox.js" in kept
    assert "/static/declare/locales/vi.json" in kept
    assert not [address for address in kept if address.startswith("/v1")]
    imported = set()
    for name in (
        "declare/declare.js",
        "declare/person.js",
        "declare/vitals.js",
        "outbox.js",
        "auth.js",
        "i18n.js",
    ):
        source = (STATIC / name).read_text("utf-8")
        imported |= {f"/static/{shell}" for shell in re.findall(r"from 'shell/([\w.]+)'", source)}
    assert imported <= set(kept)
    app = FastAPI()
    app.include_router(declaration_routes("f0", SETTINGS))
    worker = await get(app, "/sw.js")
    assert json.dumps(kept) in worker.text
    assert "__VERSION__" not in worker.text
    assert "connect-src 'self'" in worker.headers["content-security-policy"]


async def test_pages_and_files_of_a_service_are_served(tmp_path: Path) -> None:
    (tmp_path / "wall.html").write_text("<!doctype html><!--shell--><p>x</p>", "utf-8")
    (tmp_path / "wall.js").write_text("export {};", "utf-8")
    app = FastAPI()
    app.include_router(page_routes({"/": tmp_path / "wall.html"}, SETTINGS, tmp_path))
    assert "importmap" in (await get(app, "/")).text
    assert (await get(app, "/pages/wall.js")).text == "export {};"


def test_vendored_libraries_come_with_their_licence(tmp_path: Path) -> None:
    for package, files in FILES.items():
        for name in [*files, "LICENSE"]:
            file = tmp_path / "node_modules" / package / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(package, "utf-8")
    written = copy_all(tmp_path / "node_modules", tmp_path / "vendor")
    assert (tmp_path / "vendor" / "be-vietnam-pro" / "LICENSE").exists()
    assert len(written) == sum(len(files) + 1 for files in FILES.values())


def test_a_missing_library_stops_the_copy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        copy_all(tmp_path, tmp_path / "vendor")


def test_signs_and_limits_are_those_of_the_dated_form() -> None:
    folder = next(p for p in Path(__file__).parents if (p / "rules" / "risk").is_dir())
    form = yaml.safe_load((folder / "rules/risk/course/course-2021.yaml").read_text("utf-8"))
    source = (STATIC / "declare" / "vitals.js").read_text("utf-8")
    lists = re.findall(r"export const (?:DANGER|SIGNS) = \[(.*?)\]", source, re.DOTALL)
    signs = {sign for part in lists for sign in re.findall(r"'(\w+)'", part)}
    assert signs <= {symptom["code"] for symptom in form["symptoms"]}
    limits = re.findall(r"name: '(\w+)', low: ([\d.]+), high: ([\d.]+)", source)
    for name, low, high in limits:
        assert (float(low), float(high)) == (
            form["bounds"][name]["lowest"],
            form["bounds"][name]["highest"],
        ), name
