"""
How every Kafka client of a process signs in.

Brokers of a province ask for a name, a password (SCRAM-SHA-512) and TLS; a laptop's ask for nothing.
Read from the environment so that services and command-line tools need not hand it around:
LACHAN_KAFKA_USERNAME, LACHAN_KAFKA_PASSWORD, LACHAN_KAFKA_CA_FILE.
"""

import ssl
from pathlib import Path
from typing import Any

from faststream.security import BaseSecurity, SASLScram512
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class KafkaAccess(BaseSettings):
    """Name, password and certificate authority of the brokers; all empty means an open listener."""

    model_config = SettingsConfigDict(env_prefix="LACHAN_KAFKA_", extra="ignore", frozen=True)

    username: str = Field(default="", description="Name under which the brokers know this service.")
    password: SecretStr = Field(default=SecretStr(""), description="Password of that name.")
    ca_file: Path | None = Field(
        default=None,
        description="Certificate authority of the brokers (PEM). Given: only encrypted lines. Read again "
        "at every connection, so that a renewed authority needs no restart.",
    )

    @model_validator(mode="after")
    def _a_name_has_its_password(self) -> "KafkaAccess":
        if bool(self.username) != bool(self.password.get_secret_value()):
            raise ValueError("username and password belong together: give both, or neither")
        return self

    def client_options(self) -> dict[str, Any]:
        """Return what an aiokafka client must be told; raises OSError if the authority cannot be read."""
        context = self._tls()
        options: dict[str, Any] = {"ssl_context": context} if context else {}
        if self.username:
            options |= {
                "security_protocol": "SASL_SSL" if context else "SASL_PLAINTEXT",
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password.get_secret_value(),
            }
        elif context:
            options["security_protocol"] = "SSL"
        return options

    def broker_security(self) -> BaseSecurity | None:
        """Return the same for FastStream's broker."""
        context = self._tls()
        if self.username:
            secret = self.password.get_secret_value()
            return SASLScram512(self.username, secret, ssl_context=context, use_ssl=context is not None)
        return BaseSecurity(ssl_context=context, use_ssl=True) if context else None

    def _tls(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=str(self.ca_file)) if self.ca_file else None


def client_options() -> dict[str, Any]:
    """Return the options of this process's environment; raises `pydantic.ValidationError`."""
    return KafkaAccess().client_options()
