"""A service that lacks a setting says which and why, and never shows a secret."""

import base64

import pytest
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from common.keys import derived_key, named_keys, secret_key
from common.settings import ServiceSettings, load

KEY = base64.b64encode(b"k" * 32).decode()
ENOUGH = {
    "LACHAN_MONGO_URI": "mongodb://user:very-secret@127.0.0.1/",
    "LACHAN_KAFKA_BOOTSTRAP": "127.0.0.1:9092",
    "LACHAN_OIDC_ISSUER": "http://127.0.0.1:8100/oidc/",
    "LACHAN_PERSON_KEY": KEY,
    "LACHAN_VAULT_KEYS": f"k1:{KEY}",
}


class SampleSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SAMPLE_SERVICE_")
    lookback_days: int = Field(default=3, description="How far back a sample looks.")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_what_all_services_share_is_written_once(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LACHAN_HTTP_PORT", "9000")
    environment.setenv("SAMPLE_SERVICE_HTTP_PORT", "8109")
    settings = load(SampleSettings)
    assert settings.http_port == 8109
    assert settings.kafka_bootstrap == "127.0.0.1:9092"
    assert settings.oidc_issuer == "http://127.0.0.1:8100/oidc"
    assert (settings.service_name, settings.database_name) == ("sample-service", "sample_service")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LACHAN_MONGO_URI", None, "SAMPLE_SERVICE_MONGO_URI or LACHAN_MONGO_URI"),
        ("LACHAN_PERSON_KEY", "c2hvcnQ=", "person_key must hold 32 bytes"),
        ("LACHAN_VAULT_KEYS", KEY, "vault_keys must look like id:base64"),
        ("LACHAN_VAULT_KEYS", f"a:{KEY},a:{KEY}", "repeats the key id a"),
        ("LACHAN_OIDC_ISSUER", "issuer", "must be an http(s) address"),
        ("SAMPLE_SERVICE_HTTP_PORT", "70000", "HTTP_PORT"),
        ("SAMPLE_SERVICE_LOOKBACK_DAYS", "many", "How far back a sample looks"),
    ],
)
def test_a_bad_setting_stops_the_start_with_its_name_and_reason(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str | None,
    told: str,
) -> None:
    environment.delenv(name, raising=False)
    if value is not None:
        environment.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        load(SampleSettings)
    text = capsys.readouterr().err
    assert stopped.value.code == 2
    assert told in text
    assert KEY not in text
    assert "very-secret" not in text


def test_secrets_do_not_show_when_settings_are_printed(environment: pytest.MonkeyPatch) -> None:
    text = repr(load(SampleSettings))
    assert KEY not in text
    assert "very-secret" not in text


def test_every_setting_says_why_it_exists() -> None:
    assert [name for name, field in ServiceSettings.model_fields.items() if not field.description] == []


def test_the_first_vault_key_is_the_active_one() -> None:
    assert list(named_keys(f"new:{KEY}, old:{KEY}", name="keys")) == ["new", "old"]


def test_either_base64_alphabet_and_missing_padding_will_do() -> None:
    key = bytes(range(224, 256))
    standard, urlsafe = base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode()
    assert secret_key(standard, name="k") == secret_key(urlsafe.rstrip("="), name="k") == key


def test_derived_keys_differ_by_purpose() -> None:
    key = b"k" * 32
    assert derived_key(key, "a") != derived_key(key, "b")
    assert len(derived_key(key, "a")) == 32
