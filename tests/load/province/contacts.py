"""F1: households, colleagues and others in quarantine at home; some turn positive, the others are released."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from common.kernel.clock import VIETNAM, local_day
from tests.load.province.callers import Refusal
from tests.load.province.curve import hour_of_report
from tests.load.province.epidemic import Contact
from tests.load.province.moments import at_local
from tests.load.province.people import Person, reports_today

if TYPE_CHECKING:
    from tests.load.province.world import World

SLOT = (5.0, 17.0)
"""Local hours in which the declaration of a day is owed (rules/quarantine/supervision)."""
FIRST_SIGNS = timedelta(days=1)
"""Those who turn positive feel it about a day before the test does (Covasim: infectious to onset 1.1 days)."""


@dataclass(slots=True)
class Stay:
    """One quarantine as the system was told: breaches are judged by it."""

    ordered_at: datetime
    ends_on: date
    released_at: datetime | None = None


class Contacts:
    """The lives of F1s as officers and families act on them."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.under_watch: dict[str, Person] = {}
        self.stays: dict[str, Stay] = {}

    def plan(self, contact: Contact) -> None:
        """The officer puts one contact under quarantine when the index is traced."""
        self.world.agenda.add(contact.traced_at, lambda: self._order(contact))

    async def _order(self, contact: Contact) -> None:
        world, person = self.world, contact.person
        body = {
            "person": person.form(),
            "commune_code": person.commune_code,
            "address": "Tổ 1",
            "category": "f1",
            "place": "home",
            "last_exposure_on": local_day(contact.traced_at).isoformat(),
            "vaccination_doses": person.doses,
            "index_person_id": contact.index.person_id or None,
            "household_id": f"ho-{person.household}",
        }
        answer = await self._registered(person, body)
        if answer is None:
            return
        person.person_id = str(answer["person_id"])
        self.under_watch[person.person_id] = person
        ends_on = date.fromisoformat(str(answer["ends_on"]))
        self.stays[person.person_id] = Stay(world.now(), ends_on)
        world.truth.quarantined[person.commune_code] += 1
        world.truth.quarantine_now[person.commune_code] += 1
        world.bar(person)
        self._plan_days(contact, 1, ends_on)

    async def _registered(self, person: Person, body: dict[str, object]) -> dict[str, object] | None:
        """Send the order; a warned likeness is looked at and confirmed, for here everybody is somebody else."""
        world = self.world
        area, url = world.district_of(person.commune_code), f"{world.call.at.quarantine}/v1/cases"
        for confirm in (False, True):
            key = world.dice.key("order", person.cccd, confirm)
            try:
                return await world.call.post(
                    url, {**body, "confirm": confirm}, role="health_officer", area=area, key=key
                )
            except Refusal as refusal:
                world.truth.refused[refusal.slug] += 1
                if refusal.slug != "possible-duplicate":
                    return None
        return None

    def _plan_days(self, contact: Contact, first: int, ends_on: date) -> None:
        """Plan a sheet for each day from the *first* (the order is day 0) on, and the release after the last."""
        world, person, start = self.world, contact.person, contact.traced_at
        ends_at = datetime.combine(ends_on, datetime.min.time(), VIETNAM) + timedelta(days=1, hours=9)
        rng = world.dice.of("quarantine", person.cccd, first)
        for day in range(first, (ends_at - start).days + 1):
            at = at_local(start, hour_of_report(rng, *SLOT), days=day)
            world.agenda.add(at, lambda a=at, d=day: self._report(contact, a, d))  # type: ignore[misc]
        world.agenda.add(ends_at, lambda: self._release(contact))

    async def _report(self, contact: Contact, at: datetime, day: int) -> None:
        world, person = self.world, contact.person
        rng = world.dice.of("sheet", person.cccd, at.isoformat())
        if person.person_id not in self.under_watch or not reports_today(person, day, 98, rng):
            return
        is_ill = contact.positive_at is not None and at > contact.positive_at - FIRST_SIGNS
        temperature = float(rng.normal(37.9 if is_ill else 36.7, 0.3))
        body: dict[str, object] = {
            "temperature_celsius": round(temperature, 1),
            "symptoms": ["cough", "sore_throat"] if is_ill else [],
        }
        url = f"{world.call.at.quarantine}/v1/cases/{person.person_id}/reports"
        relatives = [p for p in person.home if p.person_id in self.under_watch]
        sheet = world.declarations.sheet(person, url, world.truth.quarantine_reports, at, relatives)
        if sheet is not None:
            await world.declarations.hand_in(sheet, body, rng)

    async def _release(self, contact: Contact) -> None:
        world, person = self.world, contact.person
        if self.under_watch.pop(person.person_id, None) is None:
            return
        stay, area = self.stays[person.person_id], world.district_of(person.commune_code)
        url = f"{world.call.at.quarantine}/v1/cases/{person.person_id}"
        body = {"outcome": "completed", "reason": "completed"}
        key = world.dice.key("release", person.cccd, stay.ends_on.isoformat())
        try:
            await world.call.post(f"{url}/release", body, role="health_officer", area=area, key=key)
        except Refusal as refusal:
            if refusal.slug != "release-too-early":
                raise
            # Somebody at home became an F0 meanwhile, and the days of the others began anew.
            world.truth.refused[refusal.slug] += 1
            self.under_watch[person.person_id] = person
            case = await world.call.get(url, role="health_officer", area=area)
            stay.ends_on = date.fromisoformat(str(case["ends_on"]))
            self._plan_days(contact, (world.now() - contact.traced_at).days + 1, stay.ends_on)
            return
        stay.released_at = world.now()
        world.truth.quarantine_now[person.commune_code] -= 1
        world.free(person)

    def became_f0(self, person: Person) -> None:
        """An F1 became F0: the quarantine ends by itself when quarantine hears of it."""
        if self.under_watch.pop(person.person_id, None) is not None:
            self.world.truth.quarantine_now[person.commune_code] -= 1
            self.world.truth.contacts_positive[person.commune_code] += 1

    def is_breach(self, person_id: str, at: datetime) -> bool:
        """Tell whether being at a checkpoint at *at* breaks a home quarantine, as quarantine's README says."""
        stay = self.stays.get(person_id)
        if stay is None or at < stay.ordered_at or local_day(at) > stay.ends_on:
            return False
        recovered_on = self.world.patients.recovered_on.get(person_id)
        is_over = stay.released_at is not None and at >= stay.released_at
        return not is_over and not (recovered_on is not None and recovered_on < local_day(at))
