"""Invented people and places that a fresh stack begins with. "Mẫu" (sample) in each name says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from common.geo import Units
from common.keys import secret_key
from common.mongo.pseudonyms import Pseudonyms
from common.oidc_local.staff import DemoUser, demo_citizen, demo_users

COMMUNE = "05458"
"""Phường Đồng Quang, Thành phố Thái Nguyên."""
CHECKPOINTS: tuple[dict[str, Any], ...] = (
    {
        "checkpoint_id": "thai-nguyen",
        "name": "Chốt Thành phố Thái Nguyên",
        "commune_code": "05500",
        "latitude": 21.598,
        "longitude": 105.8422,
    },
    {
        "checkpoint_id": "song-cong",
        "name": "Chốt Thành phố Sông Công",
        "commune_code": "05518",
        "latitude": 21.4636,
        "longitude": 105.8378,
    },
    {
        "checkpoint_id": "pho-yen",
        "name": "Chốt Thị xã Phổ Yên",
        "commune_code": "05860",
        "latitude": 21.4139,
        "longitude": 105.8731,
    },
    {
        "checkpoint_id": "phu-binh",
        "name": "Chốt Huyện Phú Bình",
        "commune_code": "05908",
        "latitude": 21.461,
        "longitude": 105.9847,
    },
    {"checkpoint_id": "tru-so", "name": "Cổng trụ sở UBND tỉnh", "commune_code": "05443"},
)
"""
The posts that the province named. Degrees are those of the town centre (ward centroids of
vietnamadminunits 1.0.4, MIT) until somebody measures them; the gate's are not known.
"""


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person who can sign in on the start page and is known to the services from the first minute."""

    cccd: str
    full_name: str
    birth_year: int
    sex: str
    phone: str
    role: str


CITIZENS = (
    Citizen("019185000101", "Nguyễn Mẫu Thị Hoa", 1985, "female", "0912000101", "F0 điều trị tại nhà"),
    Citizen("019090000102", "Trần Mẫu Văn Bách", 1990, "male", "0912000102", "F1 cách ly tại nhà"),
)


def users(units: Units, person_key: str) -> tuple[DemoUser, ...]:
    """Return everybody who can sign in: staff of the province, and the sample citizens."""
    pseudonyms = Pseudonyms(secret_key(person_key, name="person_key"))
    citizens = tuple(
        DemoUser(user.username, user.name, f"Người dân: {citizen.role}", user.roles, (), user.person_id)
        for citizen in CITIZENS
        for user in [demo_citizen(pseudonyms.person_id(citizen.cccd), citizen.full_name)]
    )
    return demo_users(units, citizens)


def doctors(units: Units) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the id and description of one doctor per district, the same people who can sign in."""
    staff = [user for user in demo_users(units) if "doctor" in user.roles]
    for number, user in enumerate(staff):
        yield (
            user.username,
            {
                "name": user.name,
                "phone": f"09120002{number:02d}",
                "commune_codes": [],
                "district_codes": list(user.areas),
                "capacity": 60,
                "specialities": [],
                "on_duty": True,
            },
        )
