"""
Demo people for every role. All are invented; "Mẫu" (sample) in each name says so.

Subjects are stable, because doctors and officers are known to the services by them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from common.geo import PROVINCE_CODE, Units


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody who can be chosen on the demo sign-in page."""

    username: str
    name: str
    title: str
    roles: tuple[str, ...]
    areas: tuple[str, ...] = ()
    person_id: str | None = None


_FAMILY: Final = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Dương",
    "Nông",
    "Ma",
    "Lường",
)
_GIVEN: Final = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Minh", "Ngọc", "Phúc", "Quỳnh")
_CHECKPOINTS: Final = (
    ("thai-nguyen", "Chốt Thành phố Thái Nguyên", "164"),
    ("song-cong", "Chốt Thành phố Sông Công", "165"),
    ("pho-yen", "Chốt Thị xã Phổ Yên", "172"),
    ("phu-binh", "Chốt Huyện Phú Bình", "173"),
    ("tru-so", "Cổng trụ sở UBND tỉnh", "164"),
)
_OFFICES: Final = (
    ("ward", "UBND phường", "ward_committee"),
    ("police", "Công an phường", "commune_police"),
    ("traffic", "Cảnh sát giao thông tỉnh", "traffic_police"),
    ("transport", "Sở Giao thông vận tải", "transport_office"),
)
"""Where permit officers work; the first two at one commune."""
_PROVINCE_STAFF: Final = (
    ("health-19", "Cán bộ CDC tỉnh", ("health_officer",)),
    ("permit-19", "Cán bộ cấp giấy đi đường", ("permit_officer",)),
    ("ioc", "Trực ban trung tâm điều hành (IOC)", ("ioc_operator",)),
    ("leader", "Lãnh đạo tỉnh", ("leader",)),
    ("admin", "Quản trị hệ thống", ("administrator",)),
)


def demo_users(units: Units, citizens: tuple[DemoUser, ...] = ()) -> tuple[DemoUser, ...]:
    """Return everybody: provincial staff, health officers, doctors, checkpoints, others, *citizens*."""
    return (*_staff(units), *citizens)


def demo_citizen(person_id: str, name: str = "Nguyễn Mẫu Công Dân") -> DemoUser:
    """Return a citizen who is the person *person_id*."""
    return DemoUser(f"citizen-{person_id[:8]}", name, "Người dân", ("citizen",), (), person_id)


def _staff(units: Units) -> Iterator[DemoUser]:
    names = _names()
    for username, title, roles in _PROVINCE_STAFF:
        yield DemoUser(username, next(names), title, roles, (PROVINCE_CODE,))
    for district in units.districts():
        code = district.code
        yield DemoUser(
            f"doctor-{code}", f"BS. {next(names)}", f"Bác sĩ, {district.name}", ("doctor",), (code,)
        )
        title = f"Trung tâm y tế {district.name}"
        yield DemoUser(f"health-{code}", next(names), title, ("health_officer",), (code,))
        commune = units.communes(code)[0]
        title = f"Trạm y tế {commune.name}, {district.name}"
        yield DemoUser(f"health-{commune.code}", next(names), title, ("health_officer",), (commune.code,))
    for username, title, code in _CHECKPOINTS:
        yield DemoUser(f"checkpoint-{username}", next(names), title, ("checkpoint_officer",), (code,))
    yield DemoUser("employer-1", next(names), "Doanh nghiệp mẫu, Thị xã Phổ Yên", ("employer",), ("172",))
    yield DemoUser("partner-1", next(names), "Đối tác kết nối dữ liệu", ("partner",), (PROVINCE_CODE,))
    ward = units.communes("164")[0].code
    for username, title, office in _OFFICES:
        area = ward if office in ("ward_committee", "commune_police") else PROVINCE_CODE
        yield DemoUser(f"{username}-{area}", next(names), title, ("permit_officer", office), (area,))


def _names() -> Iterator[str]:
    number = 0
    while True:
        family = _FAMILY[number % len(_FAMILY)]
        yield f"{family} Mẫu {_GIVEN[(number * 5 + number // len(_GIVEN)) % len(_GIVEN)]}"
        number += 1
