"""The start page of a laptop: what there is, who one can be, and the local OIDC issuer behind it."""

import asyncio
import os
from html import escape
from pathlib import Path
from string import Template

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from common.geo import Units
from common.http.app import create_app
from common.http.server import serve
from common.logs import set_up_logs
from common.oidc_local.issuer import LocalIssuer
from common.oidc_local.minting import Minter
from common.oidc_local.staff import DemoUser
from deploy.local import people
from deploy.local.checkout import HOST
from deploy.local.doors import DOORS, Door
from deploy.local.services import AUDIENCE, PACKAGES, is_alive, ports_from_environment

_FOLDER = Path(__file__).parent / "page"
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


def serve_page() -> int:
    """Serve the start page and the issuer until told to stop."""
    set_up_logs("start-page", level="INFO")
    ports = ports_from_environment()
    minter = Minter.from_file(
        Path(os.environ["LACHAN_OIDC_KEY_FILE"]), issuer=os.environ["LACHAN_OIDC_ISSUER"], audience=AUDIENCE
    )
    users = people.users(Units.load(), os.environ["LACHAN_PERSON_KEY"])
    numbers = {package: getattr(ports, package) for package in PACKAGES}
    issuer = LocalIssuer(minter, users, ports=[ports.start, *numbers.values()])
    app = create_app("Lá Chắn - Trang mở đầu", [issuer.router(), _pages(users, numbers)])
    return serve(app, host=HOST, port=ports.start, drain_seconds=1, on_drain=lambda: None)


def _pages(users: tuple[DemoUser, ...], ports: dict[str, int]) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def start() -> HTMLResponse:
        """Show every page with the people who use it."""
        alive = await asyncio.gather(*(asyncio.to_thread(is_alive, port) for port in ports.values()))
        text = render(users, ports, dict(zip(ports, alive, strict=True)))
        return HTMLResponse(text, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})

    router.routes.append(Mount("/page", StaticFiles(directory=_FOLDER), name="page"))
    return router


def render(users: tuple[DemoUser, ...], ports: dict[str, int], alive: dict[str, bool]) -> str:
    """Return the page: one card per door, then everybody who can sign in."""
    cards = "\n".join(_card(door, users, ports, alive[door.package]) for door in DOORS)
    rows = "\n".join(_row(user) for user in users)
    template = Template((_FOLDER / "start.html").read_text("utf-8"))
    return template.substitute(cards=cards, rows=rows, count=len(users))


def chosen(door: Door, users: tuple[DemoUser, ...]) -> list[DemoUser]:
    """Return who may be chosen for a door; `citizen-<n>` is the n-th sample citizen."""
    citizens = [user for user in users if "citizen" in user.roles]
    found: list[DemoUser] = []
    for pattern in door.who:
        kind, _, rest = pattern.partition("-")
        if kind == "citizen":
            found.append(citizens[int(rest)])
        else:
            found += [user for user in users if _matches(user.username, pattern)]
    return found


def _matches(username: str, pattern: str) -> bool:
    return username.startswith(pattern[:-1]) if pattern.endswith("*") else username == pattern


def _card(door: Door, users: tuple[DemoUser, ...], ports: dict[str, int], is_up: bool) -> str:
    address = f"http://{HOST}:{ports[door.package]}{door.path}"
    links = [_link(address, user) for user in chosen(door, users)]
    first, more = "".join(links[:2]), "".join(links[2:])
    others = (
        f"<details><summary>{len(links) - 2} người khác</summary><ul>{more}</ul></details>" if more else ""
    )
    state = '<span class="state up">đang chạy</span>' if is_up else '<span class="state">chưa chạy</span>'
    title = f'<a href="{escape(address)}" target="_blank" rel="noopener">{escape(door.title)}</a>'
    return (
        f"<article><header><h2>{title}</h2>"
        f"{state}</header><p>{escape(door.text)}</p><ul>{first}</ul>{others}</article>"
    )


def _link(address: str, user: DemoUser) -> str:
    target = escape(f"{address}?login_hint={user.username}")
    return (
        f'<li><a class="door" href="{target}" target="_blank" rel="noopener">'
        f"<b>{escape(user.title)}</b><span>{escape(user.name)}</span></a></li>"
    )


def _row(user: DemoUser) -> str:
    areas = ", ".join(user.areas) or "-"
    cells = (user.title, user.name, ", ".join(user.roles), areas, user.username)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
