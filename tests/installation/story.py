"""What people do at the door: an F0 is declared and reports a danger sign, a permit is issued and scanned, the wall counts."""

import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from common.geo import Units
from deploy.local import people
from tests.browser.devices import PHONE
from tests.installation.engine import Fault, within
from tests.installation.person import PATIENCE_MS, Person
from tests.integration.drivers import application, patient, report
from tests.integration.people import somebody

DISTRICT = "164"
COMMUNE = Units.load().communes(DISTRICT)[0].code
"""Of the sample account `health-<commune>`."""


@dataclass
class Story:
    """The people, what they made, and where pictures go."""

    browser: Browser
    pictures: Path
    citizen_name: str
    record: dict[str, Any] = field(default_factory=dict)
    permit: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.admin = Person(self.browser, "admin")
        self.officer = Person(self.browser, f"health-{COMMUNE}")
        self.doctor = Person(self.browser, f"doctor-{DISTRICT}")
        self.citizen = Person(self.browser, self.citizen_name, size=PHONE)
        self.permits = Person(self.browser, f"ward-{COMMUNE}")
        self.checkpoint = Person(self.browser, "checkpoint-thai-nguyen", size=PHONE)
        self.leader = Person(self.browser, "leader")

    def keep(self, page: Page, name: str) -> None:
        """Keep a picture."""
        page.screenshot(path=self.pictures / f"{name}.png")

    def prepares(self) -> None:
        """The administrator enters who is on duty and where the checkpoints are, as `make run` seeds them."""
        page = self.admin.opens("f0_monitoring", "/co-so")
        for doctor_id, body in people.doctors(Units.load()):
            self.admin.calls(page, f"/v1/doctors/{doctor_id}", body, method="PUT")
        page = self.admin.opens("permit", "/board")
        for post in people.CHECKPOINTS:
            body = {name: value for name, value in post.items() if name != "checkpoint_id"}
            self.admin.calls(page, f"/v1/checkpoints/{post['checkpoint_id']}", body, method="PUT")

    def declares(self) -> None:
        """The health station declares the sample citizen an F0."""
        sample = people.CITIZENS[0]
        person = somebody(COMMUNE, birth_year=sample.birth_year, sex=sample.sex)
        person.full_name, person.cccd, person.phone = sample.full_name, sample.cccd, sample.phone
        page = self.officer.opens("f0_monitoring", "/intake")
        self.record = self.officer.calls(page, "/v1/patients", patient(person), key=str(uuid.uuid4()))
        self.keep(page, "intake")

    def reports_a_danger_sign(self) -> float:
        """She declares an SpO2 of 89 % on her phone; return the seconds until the doctor's inbox shows the alert."""
        inbox = self.doctor.opens("alerting", "/inbox", shows=".net")
        phone = self.citizen.opens("f0_monitoring", "/tu-khai")
        self.keep(phone, "phone")
        path = f"/v1/patients/{self.record['person_id']}/reports"
        self.citizen.calls(phone, path, report(spo2_percent=89), key=str(uuid.uuid4()))
        row = inbox.locator("button.al")
        took = within(PATIENCE_MS / 1000, lambda: row.count() > 0, "no alert in the doctor's inbox")
        row.first.click()
        inbox.wait_for_timeout(500)
        self.keep(inbox, "inbox")
        return took

    def letters(self) -> int:
        """Count the letters that the mail sink shows at its own name."""
        page = self.leader.plain("https://thu.localhost:8443/api/v1/messages")
        return int(json.loads(page.inner_text("body"))["messages_count"])

    def passes(self) -> str:
        """The ward issues a permit, the checkpoint scans it; return the verdict."""
        page = self.permits.opens("permit", "/permits")
        worker = somebody(COMMUNE)
        self.permit = self.permits.calls(page, "/v1/permits", application(worker), key=str(uuid.uuid4()))
        self.keep(page, "permits")
        post = self.checkpoint.opens("permit", "/scan")
        body = {
            "qr": self.permit["qr"], "checkpoint_id": "thai-nguyen", "plate": self.permit["plate"]
        }  # fmt: skip
        said = self.checkpoint.calls(post, "/v1/verifications", body, key=str(uuid.uuid4()))
        self.keep(post, "scan")
        return str(said["verdict"])

    def wall_shows(self, active: int) -> Page:
        """The leader's wall counts so many F0 in the commune."""
        page = self.leader.opens("ioc_aggregation", "/")
        page.locator(f'.tile[data-code="{COMMUNE}"]').click()
        figure = page.locator(".kpi .n").first
        within(
            PATIENCE_MS / 1000, lambda: figure.inner_text() == str(active), "the wall does not count the F0"
        )
        self.keep(page, "wall")
        return page

    def finds_everything_again(self) -> None:
        """The record, the alert, the permit and the wall's count are what they were."""
        page = self.officer.opens("f0_monitoring", "/intake")
        found = self.officer.calls(page, f"/v1/patients/{self.record['person_id']}")
        if found["person"]["full_name"] != people.CITIZENS[0].full_name:
            raise Fault("the record does not open the name that was sealed")
        page = self.doctor.opens("alerting", "/inbox", shows="button.al")
        page = self.permits.opens("permit", "/permits")
        again = self.permits.calls(page, f"/v1/permits/{self.permit['permit_id']}")
        if again["status"] != "issued":
            raise Fault(f"the permit is {again['status']}")
        self.wall_shows(1)

    def faults(self) -> list[str]:
        """Return what went wrong on any page."""
        everybody = (
            self.admin,
            self.officer,
            self.doctor,
            self.citizen,
            self.permits,
            self.checkpoint,
            self.leader,
        )
        return [f"{person.username}: {fault}" for person in everybody for fault in person.faults]
