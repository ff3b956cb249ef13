"""Apache Kafka as a province runs it: TLS, a password per client, and no right that was not given by name."""

import datetime as dt
import ipaddress
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local import kafka as plain
from deploy.local.checkout import HOST
from deploy.local.kafka_rights import KINDS, LITERAL, OPERATIONS, Right, rights_at
from deploy.local.process import Child

_GUARD = """\
listeners=INSIDE://{host}:{inside},GUARDED://{host}:{guarded},CONTROLLER://{host}:{controller}
advertised.listeners=INSIDE://{host}:{inside},GUARDED://{host}:{guarded}
listener.security.protocol.map=INSIDE:PLAINTEXT,GUARDED:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INSIDE
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.guarded.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.guarded.ssl.keystore.type=PEM
listener.name.guarded.ssl.keystore.location={keystore}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""


def password_of(user: str) -> str:
    return f"{user}-password"


class GuardedKafka(plain.Kafka):
    """`bootstrap` is the operators' own listener (open, loopback); `guarded` is what services connect to."""

    def __init__(self, folder: Path, ports: Sequence[int], users: Sequence[str]) -> None:
        inside, self.guarded_port, controller = ports
        super().__init__(folder, inside, controller)
        self.users, self.folder = users, folder
        self.authority = folder / "ca.crt"

    @property
    def guarded(self) -> str:
        return f"{HOST}:{self.guarded_port}"

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        keystore = self.folder / "broker.pem"
        _certificate(self.authority, keystore)
        told = plain._SETTINGS.format(host=HOST, port=0, controller=self.controller_port, data=self.data)
        replaced = ("listeners=", "advertised.listeners=", "listener.security", "inter.broker")
        lines = [line for line in told.splitlines() if not line.startswith(replaced)]
        guard = _GUARD.format(
            host=HOST,
            inside=self.port,
            guarded=self.guarded_port,
            controller=self.controller_port,
            keystore=keystore,
        )
        self.settings.write_text("\n".join(lines) + "\n" + guard, "utf-8")
        scram = [f"SCRAM-SHA-512=[name={user},password={password_of(user)}]" for user in self.users]
        options = ["format", "--config", str(self.settings), "--cluster-id", "0123456789012345678901"]
        options += [word for each in scram for word in ("--add-scram", each)]
        subprocess.run(self._command("kafka.tools.StorageTool", *options), check=True, capture_output=True)
        Child.start(self)

    async def grant(self, user: str, acls: list[dict[str, Any]]) -> None:
        """Give *user* these rules, as they stand in a KafkaUser."""
        rights = [
            Right(KINDS[rule["resource"]["type"]], rule["resource"]["name"], LITERAL, OPERATIONS[operation])
            for rule in acls
            for operation in rule["operations"]
        ]
        async with rights_at(self.bootstrap) as broker:
            await broker.allow(user, rights)


def _certificate(authority: Path, keystore: Path) -> None:
    """Write a self-signed certificate of this host, and the broker's key with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test broker")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    authority.write_bytes(pem)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keystore.write_bytes(secret + pem)
