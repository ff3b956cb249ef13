"""Places and who may act in them."""

from dataclasses import dataclass

from common.kernel.errors import OutsideYourArea
from common.kernel.values import value


@value
class Area:
    """A commune (xã/phường) with its district and province, as GSO codes of the list in force."""

    commune_code: str
    district_code: str
    province_code: str = "19"

    def codes(self) -> frozenset[str]:
        """Every code that covers this place."""
        return frozenset((self.commune_code, self.district_code, self.province_code))


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Whoever asks: an officer with roles in some areas, a citizen, or the machine itself.

    `person_id` is set for citizens and for staff who are also known as persons.
    """

    subject: str
    roles: frozenset[str] = frozenset()
    area_codes: frozenset[str] = frozenset()
    person_id: str | None = None

    def covers(self, area: Area) -> bool:
        """Tell whether one of the actor's areas contains *area*."""
        return bool(self.area_codes & area.codes())

    def require(self, area: Area) -> None:
        """Refuse with `OutsideYourArea` unless the actor serves *area*."""
        if not self.covers(area):
            raise OutsideYourArea(
                "Bạn chỉ được xem và sửa hồ sơ trong địa bàn được phân công. "
                "Nếu cần, hãy nhờ đơn vị phụ trách địa bàn đó."
            )


MACHINE = Actor(subject="machine")

PHONE = "device:"
"""What the subject of an enrolled phone begins with (docs/decisions/0021)."""


def app_of(subject: str) -> str:
    """Return the app that *subject* speaks through: ours for an enrolled phone, "" for anybody else."""
    return "app:la-chan" if subject.startswith(PHONE) else ""
