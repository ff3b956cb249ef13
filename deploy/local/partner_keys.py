"""
The keys with which partners come in: a certificate each, by an authority that is made once per stack.

Certificates and not passwords, because every client can use them: kcat of Debian 12 and Ubuntu 24.04
(librdkafka before 2.6.1) cannot sign in with SCRAM at a Kafka of today (ADR 0030).
"""

import datetime as dt
import ipaddress
import secrets
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.local.checkout import HOST
from deploy.local.files import write_private

_LEEWAY = dt.timedelta(hours=1)
_AUTHORITY_DAYS = 3_650
_DAYS = 365
"""A partner's key is good for a year, like the broker's, which is made anew at every start."""
_COMMON_NAME = NameOID.COMMON_NAME


def authority_folder(folder: Path) -> Path:
    """Return where the authority of the partners' keys is, in the state folder of a stack."""
    return folder / "keys" / "partners"


class Authority:
    """The certificate authority of the partners' door; its files are in *folder*."""

    def __init__(self, folder: Path) -> None:
        self.certificate_file = folder / "ca.crt"
        file = folder / "ca.pem"
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(file, _made_authority())
        text = file.read_bytes()
        self._certificate = x509.load_pem_x509_certificate(text)
        key = serialization.load_pem_private_key(text, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{file} is not a key of this authority")
        self._key = key
        self.text = self._certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
        write_private(self.certificate_file, self.text)

    def broker(self) -> str:
        """Return the key and the certificate with which the broker of this machine shows itself (PEM)."""
        names = x509.SubjectAlternativeName(
            [x509.IPAddress(ipaddress.ip_address(HOST)), x509.DNSName("localhost")]
        )
        return self._made("broker", names, ExtendedKeyUsageOID.SERVER_AUTH)

    def partner(self, name: str) -> tuple[str, str]:
        """
        Return a new key of partner *name*: what the broker knows it by, and key and certificate (PEM).

        Rights belong to the key: a key that was taken back opens nothing when its partner gets another.
        """
        known_as = f"{name}.{secrets.token_hex(4)}"
        names = x509.SubjectAlternativeName([x509.DNSName(known_as)])
        return known_as, self._made(known_as, names, ExtendedKeyUsageOID.CLIENT_AUTH)

    def _made(self, name: str, names: x509.SubjectAlternativeName, use: x509.ObjectIdentifier) -> str:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _begun(name, key, issuer=self._certificate.subject, days=_DAYS)
            .add_extension(names, critical=False)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return _pem(key, certificate)


def known_as(pem: str) -> str:
    """Return what the broker knows the certificate in *pem* by."""
    subject = x509.load_pem_x509_certificate(pem.encode("ascii")).subject
    return str(subject.get_attributes_for_oid(_COMMON_NAME)[0].value)


def _made_authority() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(_COMMON_NAME, "La Chan partners")])
    certificate = (
        _begun("La Chan partners", key, issuer=subject, days=_AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return _pem(key, certificate)


def _begun(
    name: str, key: ec.EllipticCurvePrivateKey, *, issuer: x509.Name, days: int
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(_COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LEEWAY)
        .not_valid_after(now + dt.timedelta(days=days))
    )


def _pem(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> str:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (secret + certificate.public_bytes(serialization.Encoding.PEM)).decode("ascii")
