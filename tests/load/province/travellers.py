"""Workers with permits and the checkpoints that the province named."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.load.province.callers import Refusal
from tests.load.province.curve import hour_of_passing
from tests.load.province.people import Person

if TYPE_CHECKING:
    from tests.load.province.world import World

P_FORGED = 0.002
P_PASSES_TODAY = 0.8


@dataclass(slots=True)
class Traveller:
    """A worker with a permit in the pocket."""

    person: Person
    permit_id: str
    qr: str
    plate: str


class Travellers:
    """Permits and scans."""

    def __init__(self, world: "World", checkpoints: list[dict[str, Any]]) -> None:
        self.world = world
        self.checkpoints = checkpoints
        self.known: list[Traveller] = []

    async def apply(self, person: Person, day: datetime) -> None:
        """A permit officer enters a worker's application; the policy decides."""
        world, rng = self.world, self.world.rng
        plate = f"20{'ABC'[int(rng.integers(0, 3))]}-{int(rng.integers(10000, 99999))}"
        body = {
            "person": person.form(),
            "category": "worker",
            "purpose": "Đi làm",
            "areas": ["19"],
            "windows": [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "to": "23:59"}],
            "plate": plate,
            "valid_from": day.isoformat(),
            "valid_until": (day + timedelta(days=3)).isoformat(),
            "commune_code": person.commune_code,
        }
        area = world.district_of(person.commune_code)
        url = f"{world.call.at.permit}/v1/permits"
        try:
            answer = await world.call.post(url, body, role="permit_officer", area=area, key=world.key())
        except Refusal as refusal:
            world.truth.refused[str(refusal.problem.get("type"))] += 1
            return
        person.person_id = person.person_id or str(answer.get("person_id", ""))
        if answer["status"] == "issued":
            world.truth.permits_issued[person.commune_code] += 1
            self.known.append(Traveller(person, answer["permit_id"], answer.get("qr") or "", plate))

    def plan_day(self, day: datetime) -> None:
        """Everybody who goes out today passes one checkpoint on the way out and on the way back."""
        for traveller in self.known:
            if self.world.rng.random() < P_PASSES_TODAY:
                at = self.world.local(day, hour=hour_of_passing(self.world.rng))
                self.world.agenda.add(at, lambda t=traveller: self._pass(t))  # type: ignore[misc]

    async def _pass(self, traveller: Traveller) -> None:
        world, rng = self.world, self.world.rng
        post = self.checkpoints[int(rng.integers(0, len(self.checkpoints)))]
        qr = traveller.qr
        if rng.random() < P_FORGED:
            qr = qr[:-6] + ("AAAAAA" if not qr.endswith("AAAAAA") else "BBBBBB")
        body = {"qr": qr, "checkpoint_id": post["checkpoint_id"], "plate": traveller.plate}
        area = world.district_of(str(post["commune_code"]))
        url = f"{world.call.at.permit}/v1/verifications"
        answer = await world.call.post(url, body, role="checkpoint_officer", area=area, key=world.key())
        world.truth.scan(str(post["commune_code"]), str(answer["scan_id"]), str(answer["verdict"]))
