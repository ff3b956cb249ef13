"""The start page of a laptop: what there is, who one can be, and the local OIDC issuer behind it."""

import asyncio
import os
from dataclasses import dataclass
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
from deploy.local.services import AUDIENCE, PACKAGES, is_alive, ports_from_environment

_FOLDER = Path(__file__).parent / "page"
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Door:
    """One page of the system and whose it is; *who* are usernames, or a prefix of usernames ending in `*`."""

    package: str
    path: str
    title: str
    text: str
    who: tuple[str, ...]


DOORS = (
    Door(
        "ioc_aggregation",
        "/",
        "Màn hình trung tâm IOC",
        "Số liệu toàn tỉnh, cập nhật từng giây.",
        ("ioc", "leader"),
    ),
    Door(
        "f0_monitoring",
        "/khai-bao",
        "F0 khai báo sức khỏe",
        "Khai SpO2, nhiệt độ, triệu chứng trên điện thoại, kể cả khi mất mạng.",
        ("citizen-0",),
    ),
    Door(
        "f0_monitoring",
        "/tu-khai",
        "Tự khai dương tính",
        "Người dân báo kết quả dương tính cho mình hoặc người nhà, kèm ảnh; trạm y tế xác nhận.",
        ("citizen-1",),
    ),
    Door(
        "f0_monitoring",
        "/intake",
        "Tiếp nhận F0",
        "Trạm y tế nhập danh sách Excel, xác nhận người tự khai, hoàn tất hồ sơ từ F1.",
        ("health-*",),
    ),
    Door(
        "f0_monitoring",
        "/xac-minh",
        "Xác minh giấy",
        "Kiểm tra giấy hoàn thành theo dõi y tế bằng mã QR; không cho biết vì sao được theo dõi.",
        ("checkpoint-*", "health-*"),
    ),
    Door(
        "f0_monitoring",
        "/doctor",
        "Bác sĩ theo dõi F0",
        "Danh sách theo nguy cơ, hồ sơ và diễn biến từng người.",
        ("doctor-*",),
    ),
    Door(
        "f0_monitoring",
        "/hen-kham",
        "F0 hẹn bác sĩ",
        "Xin tư vấn, gọi có hình với bác sĩ ngay trên điện thoại.",
        ("citizen-0",),
    ),
    Door(
        "f0_monitoring",
        "/kham",
        "Bác sĩ tư vấn từ xa",
        "Yêu cầu, lịch hẹn, phòng khám có hình, ghi kết quả.",
        ("doctor-*",),
    ),
    Door(
        "alerting",
        "/inbox",
        "Hộp cảnh báo",
        "Cảnh báo đến đúng người, có hạn tiếp nhận và chuyển cấp.",
        ("doctor-*", "health-19", "ioc"),
    ),
    Door(
        "quarantine",
        "/khai-bao",
        "F1 khai báo hằng ngày",
        "Khai báo trong thời gian cách ly tại nhà hoặc tập trung.",
        ("citizen-1",),
    ),
    Door(
        "quarantine",
        "/cases",
        "Quản lý cách ly",
        "Cán bộ y tế lập, theo dõi, kết thúc cách ly.",
        ("health-*",),
    ),
    Door(
        "permit",
        "/scan",
        "Quét giấy đi đường",
        "Chốt kiểm soát quét mã QR, kết quả ngay cả khi mất mạng.",
        ("checkpoint-*",),
    ),
    Door(
        "permit",
        "/gate-log",
        "Sổ ngoại lệ tại chốt",
        "Cấp trên xem chốt đã quyết định khác máy quét khi nào, vì sao, và các ca trực.",
        ("permit-19", "leader"),
    ),
    Door(
        "permit",
        "/permits",
        "Duyệt giấy đi đường",
        "Hàng chờ theo hạn trả lời, khiếu nại, danh sách giấy, đổi chỉ thị có xem trước.",
        ("permit-19", "ward-*", "police-*", "traffic-*", "transport-*"),
    ),
    Door(
        "permit",
        "/employer",
        "Danh sách đi đường",
        "Doanh nghiệp nộp danh sách Excel, nhận giấy của người lao động.",
        ("employer-1",),
    ),
    Door(
        "permit",
        "/firms",
        "Xác nhận doanh nghiệp",
        "Cán bộ cấp giấy xác nhận doanh nghiệp mới đăng ký.",
        ("permit-19",),
    ),
    Door(
        "permit",
        "/my-permits",
        "Giấy đi đường của tôi",
        "Người dân xin giấy, mở mã QR, xem giấy đã được quét ở đâu.",
        ("citizen-1",),
    ),
    Door(
        "permit",
        "/board",
        "Bảng chốt",
        "Lượt quét, thời gian chờ và lý do không qua của từng chốt, trực tiếp.",
        ("checkpoint-*", "permit-19", "leader"),
    ),
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
