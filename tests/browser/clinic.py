"""F0 monitoring on memory stores behind a real socket, with a doctor and a patient, for the pages of calls."""

import asyncio
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import httpx
import pytest
import uvicorn

from common.service import Mode, Runtime
from common.testing.sign_in import bearer, sample_jwks, sample_settings, token
from deploy.local import coturn
from deploy.local.checkout import free_ports
from f0_monitoring.app import compose
from f0_monitoring.settings import F0MonitoringSettings

DOCTOR = token("doctor", ("164",), subject="doctor-164", name="BS. Trần Mẫu")
PERSON = {"full_name": "Nguyễn Thị Mẫu", "cccd": "019190000001", "phone": "0912345678", "sex": "female"}
ROSTER = {"name": "BS. Trần Mẫu", "phone": "0987654321", "district_codes": ["164"], "capacity": 90}


@dataclass
class Clinic:
    """The running service and what its people do over HTTP."""

    address: str
    loop: asyncio.AbstractEventLoop
    service: Any
    stores: Any
    patients: int = 0

    def ask(self, method: str, path: str, who: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {who}"}
        reply = httpx.request(method, f"{self.address}{path}", json=body, headers=headers, timeout=30)
        assert reply.is_success, reply.text
        return reply.json()

    def patient(self, **more: Any) -> str:
        """Declare somebody new; return the token of that citizen."""
        self.patients += 1
        person = {**PERSON, "cccd": f"0191900{self.patients:05}", "birth_year": 1990, **more}
        body = {"person": person, "commune_code": "05458", "address": "Tổ 1", "tested_on": self.today()}
        officer = token("health_officer", ("164",))
        found = self.ask("POST", "/v1/patients", officer, body)["person_id"]
        return token("citizen", (), person_id=found, name=person["full_name"])

    def wish(self, citizen: str, way: str = "video") -> str:
        """Ask for a consultation; return its id."""
        mine = self.ask("GET", "/v1/me/consultations", citizen)
        path = f"/v1/patients/{mine['people'][0]['person_id']}/consultations"
        return str(self.ask("POST", path, citizen, {"way": way, "wish": "Ho nhiều"})["consultation_id"])

    def kept(self, consultation_id: str) -> Any:
        """Return the consultation as it is kept."""
        return self.stores.consultations.aggregates[consultation_id].state

    def facts(self, consultation_id: str) -> list[Any]:
        """Return what was told of it."""
        return [e for e in self.stores.consultations.facts() if e.subject == consultation_id]

    def hang_up_all_lines(self) -> None:
        """Cut every live line, as the end of an instance does."""

        async def cut() -> None:
            for guest in tuple(self.service.parts["signalling"]._guests.values()):
                await guest.line.close(1012)

        asyncio.run_coroutine_threadsafe(cut(), self.loop).result(20)

    @staticmethod
    def today() -> str:
        from common.clocks import SystemClock
        from common.kernel.clock import local_day

        return local_day(SystemClock().now()).isoformat()


def turnserver() -> str:
    """Return coturn's server; without it the test fails on CI and is skipped for a plain user."""
    found = coturn.find_turnserver()
    if found is None:
        missing = "coturn is not installed (Debian, Ubuntu: apt install coturn)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    return found


@contextmanager
def running_clinic(**settings: Any) -> Iterator[Clinic]:
    """Run the service until the block ends."""
    memory = import_module("services.f0-monitoring.tests.conftest")
    chosen = sample_settings(F0MonitoringSettings, **settings)
    stores = memory.memory_stores()
    service = compose(Runtime(chosen, jwks=sample_jwks(), in_memory=True), stores, chosen)
    app, port = service.app(Mode.API), free_ports().f0_monitoring
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.05)
    clinic = Clinic(f"http://127.0.0.1:{port}", loop, service, stores.consulting)
    clinic.ask("PUT", "/v1/doctors/doctor-164", token("administrator"), ROSTER)
    try:
        yield clinic
    finally:
        server.should_exit = True
        thread.join(15)
        loop.close()


def relay_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of *environment* by their names in the service."""
    return {name.removeprefix("F0_MONITORING_").lower(): value for name, value in environment.items()}


__all__ = ["DOCTOR", "Clinic", "bearer", "relay_settings", "running_clinic", "turnserver"]
