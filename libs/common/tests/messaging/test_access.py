"""How clients of Kafka sign in: nothing on a laptop, name, password and TLS where brokers ask for them."""

import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from common.messaging.access import KafkaAccess, client_options


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test authority")])
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + dt.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "ca.crt"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(autouse=True)
def laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USERNAME", "PASSWORD", "CA_FILE"):
        monkeypatch.delenv(f"LACHAN_KAFKA_{name}", raising=False)


def test_a_laptop_says_nothing():
    assert client_options() == {}
    assert KafkaAccess().broker_security() is None


def test_a_province_signs_in_over_tls(monkeypatch: pytest.MonkeyPatch, authority: Path):
    monkeypatch.setenv("LACHAN_KAFKA_USERNAME", "permit")
    monkeypatch.setenv("LACHAN_KAFKA_PASSWORD", "hush")
    monkeypatch.setenv("LACHAN_KAFKA_CA_FILE", str(authority))

    options = client_options()
    security = KafkaAccess().broker_security()

    assert options["security_protocol"] == "SASL_SSL"
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("permit", "hush")
    assert options["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    assert options["ssl_context"].check_hostname
    assert security is not None
    assert security.use_ssl is True


def test_the_password_shows_nowhere():
    assert "hush" not in repr(KafkaAccess(username="permit", password="hush"))


def test_a_name_without_a_password_is_refused():
    with pytest.raises(ValidationError, match="belong together"):
        KafkaAccess(username="permit")


def test_an_authority_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(OSError, match="No such file"):
        KafkaAccess(ca_file=tmp_path / "missing.crt").client_options()
