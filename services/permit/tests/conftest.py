"""The whole service on memory stores."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from common.clocks import FrozenClock
from common.contracts.permit import DECISIONS
from common.service import Mode, Runtime, Service
from common.testing.sign_in import bearer, client_of, sample_jwks, sample_settings
from common.work.model import SHARDS, Cause, Errand
from permit.app import compose
from permit.domain.flags import WatchScan
from permit.rulebook import Rulebook
from permit.settings import PermitSettings
from permit.stores import Stores
from services.permit.tests.memory import hear_ourselves, memory_stores
from services.permit.tests.samples import HOUR, NOW, RULEBOOK

IDENTITY = {
    "full_name": "Nguyễn Văn Mẫu",
    "cccd": "019084000999",
    "phone": "0912345678",
    "birth_year": 1984,
    "sex": "male",
}


FIRM = {
    "name": "Công ty TNHH Mẫu",
    "tax_code": "4600123459",
    "commune_code": "05434",
    "address": "KCN Mẫu",
    "contact_name": "Phạm Thị Mẫu",
    "contact_phone": "0912 345 678",
}


@dataclass
class Province:
    """A running permit service and what stands behind it."""

    app: FastAPI
    client: httpx.AsyncClient
    stores: Any
    runtime: Runtime
    clock: FrozenClock
    service: Service

    @property
    def watch(self) -> Any:
        """The door to which our own scans come back."""
        return next(each.work for each in self.service.subscriptions if each.group == "permit.watch")

    def part(self, name: str) -> Any:
        return self.service.parts[name]

    @property
    def person_id(self) -> str:
        return str(self.runtime.pseudonyms.person_id(IDENTITY["cccd"]))

    async def post(
        self, path: str, body: Any, role: str, areas: tuple[str, ...] = ("19",), **more: Any
    ) -> Any:
        headers = bearer(role, areas, **{k: v for k, v in more.items() if k != "key"})
        if "key" in more:
            headers["Idempotency-Key"] = more["key"]
        return await self.client.post(path, json=body, headers=headers)

    async def get(self, path: str, role: str, areas: tuple[str, ...] = ("19",), **more: Any) -> Any:
        return await self.client.get(path, headers=bearer(role, areas, **more))

    async def put(self, path: str, body: Any, role: str = "administrator") -> Any:
        return await self.client.put(path, json=body, headers=bearer(role, ("19",)))

    async def register_firm(self, subject: str, **changes: Any) -> Any:
        headers = bearer("employer", (), subject=subject)
        return await self.client.put("/v1/my/firm", json=FIRM | changes, headers=headers)

    async def confirmed_firm(self, subject: str) -> str:
        firm_id = str((await self.register_firm(subject)).json()["firm_id"])
        path = f"/v1/firms/{firm_id}/confirmation"
        reply = await self.post(path, {"outcome": "confirmed"}, "permit_officer", ("164",))
        assert reply.json()["status"] == "confirmed", reply.text
        return firm_id

    async def apply(self, **changes: Any) -> Any:
        return await self.post("/v1/permits", application_body(**changes), "permit_officer")

    async def scan(self, **body: Any) -> Any:
        reply = await self.post(
            "/v1/verifications", {"checkpoint_id": "thai-nguyen", **body}, "checkpoint_officer"
        )
        assert reply.status_code == 200, reply.text
        return reply.json()

    def facts(self, store: str) -> list[Any]:
        """What was told, beside the record of decisions."""
        told = getattr(self.stores, store).facts()
        return [fact for fact in told if fact.topic != DECISIONS]

    async def look(self) -> None:
        """Do what the watch does with every recorded scan."""
        ids = list(self.stores.scans.rows)
        await self.watch.run_batch([Errand(WatchScan(scan_id), Cause(f"e-{scan_id}")) for scan_id in ids])

    async def after(self, time: timedelta) -> None:
        """Let time pass, and do what durable timers of files then do."""
        self.clock.move(time)
        for fired in await self.stores.holders.due(self.clock.now(), list(range(SHARDS)), 100):
            await self.part("holders").run(fired, Cause(f"{fired.name}-{fired.due_at.isoformat()}"))

    async def hear(self) -> None:
        """Do what the consumers of our own facts do."""
        await hear_ourselves(self.stores, self.app.state.parts)


def application_body(**changes: Any) -> dict[str, Any]:
    sample = {
        "person": IDENTITY,
        "commune_code": "05434",
        "category": "essential-goods",
        "purpose": "Chở gạo cho siêu thị mẫu",
        "areas": ["164", "165", "172"],
        "windows": [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "from": "05:00", "to": "20:00"}],
        "plate": "20C-123.45",
        "valid_from": (NOW - HOUR).isoformat(),
        "valid_until": (NOW + timedelta(hours=71)).isoformat(),
    }
    return {**sample, **changes}


@pytest.fixture(autouse=True)
def one_rulebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the rule files once for all tests."""
    monkeypatch.setattr(Rulebook, "load", lambda _folder: RULEBOOK)


@pytest.fixture
async def province() -> AsyncIterator[Province]:
    settings = sample_settings(PermitSettings)
    clock = FrozenClock(NOW)
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    stores: Stores = memory_stores()
    service = compose(runtime, stores, settings)
    app = service.app(Mode.API)
    async with client_of(app) as client:
        running = Province(app, client, stores, runtime, clock, service)
        for checkpoint_id, commune in (("thai-nguyen", "05434"), ("phu-binh", "05908")):
            body = {"name": f"Chốt {checkpoint_id}", "commune_code": commune}
            assert (await running.put(f"/v1/checkpoints/{checkpoint_id}", body)).status_code == 200
        yield running
