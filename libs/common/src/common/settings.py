"""
What a service must be told before it can start.

Each setting is read from `<SERVICE>_<NAME>` first and from `LACHAN_<NAME>` if that is missing, so
that what all services share is written once. A missing or malformed value stops the start with one
line per fault; secrets never appear in that text, in logs or in a traceback.
"""

import sys
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from common.keys import named_keys, secret_key

SHARED_PREFIX = "LACHAN_"


class ServiceSettings(BaseSettings):
    """
    Settings that every service has.

    A service subclasses it with `model_config = SettingsConfigDict(env_prefix="PERMIT_")` and adds
    its own fields, each with a description that says why it exists.
    """

    model_config = SettingsConfigDict(env_prefix=SHARED_PREFIX, extra="ignore", frozen=True)

    mongo_uri: SecretStr = Field(
        description="Where this service keeps its aggregates; secret because it may hold a password."
    )
    mongo_database: str = Field(
        default="", description="Each service owns one database; empty means the name of the service."
    )
    kafka_bootstrap: str = Field(description="Brokers (host:port, comma separated) that carry the facts.")
    oidc_issuer: str = Field(description="Only tokens of this issuer are believed.")
    oidc_audience: str = Field(
        default="la-chan", description="Tokens made for other systems of the province are refused."
    )
    oidc_jwks_uri: str = Field(
        default="", description="Inner address of the signing keys; empty means ask the issuer's discovery."
    )
    worker_name: str = Field(
        default="",
        description="Name under which leases are held; one that survives a restart gets them back at once. "
        "By default host and process id.",
    )
    http_host: str = Field(default="127.0.0.1", description="0.0.0.0 only inside a container.")
    http_port: int = Field(default=8000, ge=0, le=65535, description="One port per service on a laptop.")
    http_body_limit_bytes: int = Field(
        default=65_536, ge=1_024, description="No form of ours is larger; more is a mistake or an attack."
    )
    drain_seconds: float = Field(
        default=5.0, ge=0, description="After SIGTERM: how long open requests may take to finish."
    )
    person_key: SecretStr = Field(
        description="Key of the person pseudonyms, the same for all services (base64, 32 bytes)."
    )
    vault_keys: SecretStr = Field(
        description="Keys that seal personal data: `id:base64,id:base64`; the first one seals, all open."
    )
    blind_key: SecretStr | None = Field(
        default=None, description="Key of the search tokens; by default derived from person_key per service."
    )
    data_folder: Path | None = Field(
        default=None, description="Folder that holds rules/ and geo/; by default searched upwards from here."
    )
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG is for laptops only."
    )
    rehearsal: str = Field(
        default="",
        description="Demonstrations only: a clock that catches up with real time (RehearsalClock).",
    )
    citizen_origin: str = Field(
        default="",
        description="Address of quarantine as phones see it: the issuer of enrolled phones' tokens, whose "
        "page may ask this service. Empty: only the OIDC issuer is believed and no other origin is answered.",
    )
    citizen_jwks_uri: str = Field(
        default="", description="Inner address of that issuer's keys; empty means `/v1/device-keys` there."
    )
    otlp_endpoint: str = Field(
        default="", description="Collector of traces (OTLP over HTTP); empty means that nothing is sent."
    )

    @property
    def service_name(self) -> str:
        """Deployed name, kebab case, taken from the prefix: `F0_MONITORING_` is `f0-monitoring`."""
        prefix = str(self.model_config.get("env_prefix") or SHARED_PREFIX)
        return prefix.rstrip("_").lower().replace("_", "-")

    @property
    def database_name(self) -> str:
        """Name of this service's Mongo database."""
        return self.mongo_database or self.service_name.replace("-", "_")

    @property
    def page_origins(self) -> tuple[str, ...]:
        """Other origins whose pages may read answers: the citizen's page, where there is one."""
        return (self.citizen_origin,) if self.citizen_origin else ()

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer_is_an_address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("must be an http(s) address")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _keys_are_usable(self) -> "ServiceSettings":
        secret_key(self.person_key.get_secret_value(), name="person_key")
        named_keys(self.vault_keys.get_secret_value(), name="vault_keys")
        if self.blind_key is not None:
            secret_key(self.blind_key.get_secret_value(), name="blind_key")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Own prefix first, then what all services share, then mounted secret files."""
        shared = EnvSettingsSource(settings_cls, env_prefix=SHARED_PREFIX)
        return init_settings, env_settings, shared, dotenv_settings, file_secret_settings


class SmsSettings(ServiceSettings):
    """Settings of a service that sends text messages itself, because it has the numbers (ADR 0016)."""

    sms_url: str = Field(
        default="", description="Gateway for text messages (docs/sms-gateway.md); empty: none are sent."
    )
    sms_token: SecretStr | None = Field(default=None, description="Bearer token for the gateway.")
    sms_sender: str = Field(default="", max_length=20, description="Name that the gateway shows as sender.")
    sms_accents: bool = Field(
        default=False, description="Vietnamese with accents: 70 characters a part instead of 160."
    )


Settings = TypeVar("Settings", bound=ServiceSettings)


def load(settings: type[Settings], **overrides: Any) -> Settings:
    """Read *settings* from the environment, or stop the process saying what is missing and why."""
    try:
        return settings(**overrides)
    except ValidationError as error:
        _stop(settings, error)


def _stop(settings: type[ServiceSettings], error: ValidationError) -> NoReturn:
    prefix = str(settings.model_config.get("env_prefix") or SHARED_PREFIX)
    lines = ["Cannot start: the settings are incomplete."]
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        name = str(fault["loc"][0]) if fault["loc"] else ""
        field = settings.model_fields.get(name)
        reason = f" ({field.description})" if field and field.description else ""
        where = f"{prefix}{name.upper()} or {SHARED_PREFIX}{name.upper()}: " if name else ""
        lines.append(f"  {where}{fault['msg']}{reason}")
    print("\n".join(lines), file=sys.stderr)  # noqa: T201  the log is not set up yet
    raise SystemExit(2)
