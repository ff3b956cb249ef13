"""The programs of the system as children of this machine: which ones, with which environment."""

import http.client
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import coturn, keys
from deploy.local.checkout import HOST, ROOT, Ports, is_open
from deploy.local.process import Program

PACKAGES = ("quarantine", "f0_monitoring", "permit", "alerting", "ioc_aggregation")
AUDIENCE = "la-chan"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stack lives: its ports, its state folder, and where MongoDB and Kafka answer."""

    folder: Path
    ports: Ports
    mongo_uri: str
    kafka_bootstrap: str
    settings: Mapping[str, str] = field(default_factory=dict)
    """Further environment for every service, for example a log level or a rehearsal."""

    @property
    def issuer(self) -> str:
        """Address of the local OIDC issuer."""
        return f"{self.address('start')}/oidc"

    @property
    def key_file(self) -> Path:
        """Where the issuer's signing key is kept."""
        return self.folder / "keys" / "oidc.json"

    def address(self, name: str) -> str:
        """Address of a service (by package name) or of the start page (`start`)."""
        return f"http://{HOST}:{getattr(self.ports, name)}"


def folder_of(package: str) -> Path:
    """Source folder of a service's package."""
    return ROOT / "services" / package.replace("_", "-") / "src" / package


def is_written(package: str) -> bool:
    """Tell whether a service can be started at all."""
    return (folder_of(package) / "__main__.py").exists()


def service(place: Place, package: str, mode: str = "all", *, port: int | None = None) -> Program:
    """Describe one process of a service in *mode* api, worker or all."""
    port = port or getattr(place.ports, package)
    name = package.replace("_", "-") + ("" if mode == "all" else f"-{mode}")
    return Program(
        name=name,
        command=(sys.executable, "-m", package, mode),
        log=place.folder / "logs" / f"{name}.log",
        is_ready=lambda: is_ready(port),
        environment={**environment(place), **own_environment(place, package, port), **place.settings},
        folder=ROOT,
    )


def start_page(place: Place) -> Program:
    """Describe the start page, which is also the local OIDC issuer."""
    return Program(
        name="start-page",
        command=(sys.executable, "-m", "deploy.local", "page"),
        log=place.folder / "logs" / "start-page.log",
        is_ready=lambda: is_alive(place.ports.start),
        environment={**environment(place), "LACHAN_PORTS": ports_text(place.ports)},
        folder=ROOT,
    )


def mail_sink(place: Place) -> Program:
    """Describe the SMTP server that accepts every e-mail and writes it to its log."""
    return Program(
        name="mail",
        command=(sys.executable, "-u", "-m", "aiosmtpd", "-n", "-l", f"{HOST}:{place.ports.smtp}"),
        log=place.folder / "logs" / "mail.log",
        is_ready=lambda: is_open(place.ports.smtp),
        folder=ROOT,
    )


def sms_gateway(place: Place) -> Program:
    """Describe the local gateway for text messages: it sends nothing and shows what it was given."""
    return Program(
        name="sms",
        command=(sys.executable, "-u", "-m", "deploy.local.sms_gateway", str(place.ports.sms)),
        log=place.folder / "logs" / "sms.log",
        is_ready=lambda: is_alive(place.ports.sms),
        environment={"LACHAN_SMS_RECEIPT_KEY": keys.key(place.folder / "keys", "sms-receipts")},
        folder=ROOT,
    )


def environment(place: Place) -> dict[str, str]:
    """Return what all services share."""
    secrets = place.folder / "keys"
    return {
        "LACHAN_MONGO_URI": place.mongo_uri,
        "LACHAN_KAFKA_BOOTSTRAP": place.kafka_bootstrap,
        "LACHAN_OIDC_ISSUER": place.issuer,
        "LACHAN_OIDC_AUDIENCE": AUDIENCE,
        "LACHAN_OIDC_KEY_FILE": str(place.key_file),
        "LACHAN_PERSON_KEY": keys.key(secrets, "person"),
        "LACHAN_CITIZEN_ORIGIN": f"http://{HOST}:{place.ports.quarantine}",
        "LACHAN_DATA_FOLDER": str(ROOT),
        "LACHAN_HTTP_HOST": HOST,
        "PYTHONUNBUFFERED": "1",
    }


def own_environment(place: Place, package: str, port: int) -> dict[str, str]:
    """Return what belongs to one service: its port, and keys that no other service has."""
    secrets, prefix = place.folder / "keys", package.upper()
    own = {
        f"{prefix}_HTTP_PORT": str(port),
        f"{prefix}_VAULT_KEYS": keys.named_key(secrets, f"vault-{package}"),
    }
    return own | _EXTRAS.get(package, lambda _place: {})(place)


def is_alive(port: int) -> bool:
    """Tell whether the process on *port* answers at all."""
    return _status(port, "/healthz") == http.client.OK


def is_ready(port: int) -> bool:
    """Tell whether the service on *port* has all that it depends on."""
    return _status(port, "/readyz") == http.client.OK


def ports_text(ports: Ports) -> str:
    """Write *ports* so that another process can read them."""
    return json.dumps({name: getattr(ports, name) for name in ports.__slots__})


def ports_from_environment() -> Ports:
    """Read what `ports_text` wrote, or the usual ports."""
    return Ports(**json.loads(os.environ.get("LACHAN_PORTS", "{}")))


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _of_alerting(place: Place) -> dict[str, str]:
    return {
        "ALERTING_SMTP_HOST": HOST,
        "ALERTING_SMTP_PORT": str(place.ports.smtp),
        "ALERTING_SMTP_ENCRYPTION": "none",
        "ALERTING_INBOX_URL": f"{place.address('alerting')}/inbox",
        "ALERTING_PATIENT_URL": f"{place.address('f0_monitoring')}/doctor",
        "ALERTING_CASE_URL": f"{place.address('quarantine')}/cases",
        "ALERTING_SMS_URL": f"http://{HOST}:{place.ports.sms}",
        "ALERTING_SMS_TOKEN": "local",
        "ALERTING_SMS_RECEIPT_URL": f"{place.address('alerting')}/v1/sms-receipts",
        "ALERTING_SMS_RECEIPT_KEY": keys.key(place.folder / "keys", "sms-receipts"),
        "ALERTING_VAPID_KEY": keys.key(place.folder / "keys", "vapid"),
        "ALERTING_WEBHOOK_KEY": keys.key(place.folder / "keys", "webhook"),
        # Whatever listens on this machine may be tried as a receiver.
        "ALERTING_WEBHOOK_HOSTS": HOST,
        "ALERTING_CHAT_HOSTS": HOST,
    }


def _of_ioc_aggregation(place: Place) -> dict[str, str]:
    return {
        "IOC_AGGREGATION_SMTP_HOST": HOST,
        "IOC_AGGREGATION_SMTP_PORT": str(place.ports.smtp),
        "IOC_AGGREGATION_SMTP_ENCRYPTION": "none",
        "IOC_AGGREGATION_REPORT_TO": "lanh-dao@la-chan.invalid,truc-ioc@la-chan.invalid",
    }


def _of_f0_monitoring(place: Place) -> dict[str, str]:
    return {
        "F0_MONITORING_INBOX_URL": f"{place.address('alerting')}/inbox",
        "F0_MONITORING_QUARANTINE_URL": f"{place.address('quarantine')}/cases",
        "F0_MONITORING_PUBLIC_URL": place.address("f0_monitoring"),
        "F0_MONITORING_SMS_URL": f"http://{HOST}:{place.ports.sms}",
        "F0_MONITORING_SMS_TOKEN": "local",
        **(coturn.settings(place.folder, place.ports.turn) if coturn.find_turnserver() else {}),
    }


def _of_quarantine(place: Place) -> dict[str, str]:
    return {
        "QUARANTINE_F0_URL": place.address("f0_monitoring"),
        "QUARANTINE_PERMIT_URL": place.address("permit"),
        "QUARANTINE_SMS_URL": f"http://{HOST}:{place.ports.sms}",
        "QUARANTINE_SMS_TOKEN": "local",
    }


_EXTRAS = {
    "alerting": _of_alerting,
    "f0_monitoring": _of_f0_monitoring,
    "ioc_aggregation": _of_ioc_aggregation,
    "quarantine": _of_quarantine,
}
