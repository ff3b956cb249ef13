"""What deploy/compose.yaml needs: development keys, and Keycloak's realm with the sample accounts."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from common.geo import Units
from common.http.auth import ROLES
from common.oidc_local.issuer import CLIENT
from common.oidc_local.staff import DemoUser
from deploy.local import keys, people
from deploy.local.checkout import STATE
from deploy.local.services import AUDIENCE, PACKAGES

FOLDER = STATE / "compose"
REALM = "la-chan"
PASSWORD = "mau"
_USERNAME_LENGTH = 36
HOSTS = {
    "quarantine": "cach-ly",
    "f0_monitoring": "f0",
    "permit": "giay-di-duong",
    "alerting": "canh-bao",
    "ioc_aggregation": "ioc",
}
"""First part of the host name of each service's pages (deploy/compose/Caddyfile, deploy/k8s/gateway.py)."""
FRONTS = {"quarantine": "/cases", "f0_monitoring": "/doctor", "permit": "/permits", "alerting": "/inbox"}
"""The page that somebody meets who types no more than the host name; the wall is at `/` itself."""
NAMES = {
    "LACHAN_DOMAIN": "localhost",
    "LACHAN_BIND": "127.0.0.1",
    "LACHAN_HTTPS_PORT": "8443",
    "LACHAN_PORT_SUFFIX": ":8443",
    "LACHAN_TLS": "internal",
    "COMPOSE_PROFILES": "core,demo",
    "LACHAN_IMAGE_TAG": "dev",
    "PYTHON_IMAGE": "python:3.11.14-slim-bookworm",
    "SMTP_HOST": "mail",
    "SMTP_PORT": "1025",
    "SMTP_ENCRYPTION": "none",
    "SMTP_USERNAME": "",
    "SMTP_PASSWORD": "",
    "MAIL_FROM": "canh-bao@la-chan.invalid",
    "MAIL_TO": "{recipient}@la-chan.invalid",
    "REPORT_TO": "lanh-dao@la-chan.invalid",
    "SMS_URL": "",
    "SMS_TOKEN": "",
    "SMS_SECRET": "",
    "TURN_HOST": "127.0.0.1",
}
"""What a laptop's installation is called; deploy/compose/.env.example explains each."""


def write(folder: Path = FOLDER) -> Path:
    """
    Write the environment file and the realm; return the environment file.

    What stands in the file already stays: an operator's names and secrets are never replaced.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / "environment"
    values = {**_defaults(folder / "keys"), **_read(file)}
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as lines:
        lines.writelines(f"{name}={value}\n" for name, value in values.items())
    file.chmod(0o600)  # also where an operator's editor made it
    is_demo = "demo" in values["COMPOSE_PROFILES"].split(",")
    users = people.users(Units.load(), values["LACHAN_PERSON_KEY"]) if is_demo else ()
    document = json.dumps(realm(users, values), indent=1, ensure_ascii=False)
    imported = folder / f"realm-{REALM}.json"
    imported.write_text(document, "utf-8")
    imported.chmod(0o644)  # Keycloak reads it as user 1000, whatever umask this was written under
    return file


def _defaults(secrets: Path) -> dict[str, str]:
    """Return a laptop's names and secrets made once; passwords go into addresses: hexadecimal digits only."""
    mongo = [f"{package.upper()}_MONGO_PASSWORD" for package in PACKAGES]
    others = ("MONGO_ROOT_PASSWORD", "MONGO_REPLICA_KEY", "KEYCLOAK_ADMIN_PASSWORD", "GRAFANA_ADMIN_PASSWORD")
    vaults = {f"{p.upper()}_VAULT_KEYS": keys.named_key(secrets, f"vault-{p}") for p in PACKAGES}
    return {
        **NAMES,
        "LACHAN_PERSON_KEY": keys.key(secrets, "person"),
        **vaults,
        **{name: keys.password(secrets, name.lower()) for name in (*others, *mongo)},
        "TURN_SECRET": keys.password(secrets, "turn"),
        "ALERTING_VAPID_KEY": keys.key(secrets, "vapid"),
    }


def _read(file: Path) -> dict[str, str]:
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def realm(users: tuple[DemoUser, ...], values: Mapping[str, str]) -> dict[str, Any]:
    """
    Return the realm: the roles, the public client of the pages with its claims, the sample accounts.

    *values* are those of the environment file: sign-in leads back to the names of this installation only.
    """
    suffix = f"{values['LACHAN_DOMAIN']}{values['LACHAN_PORT_SUFFIX']}"
    origins = [f"https://{host}.{suffix}" for host in HOSTS.values()]
    return {
        "realm": REALM,
        "displayName": "Lá Chắn",
        "enabled": True,
        "sslRequired": "external",
        "internationalizationEnabled": True,
        "supportedLocales": ["vi", "en"],
        "defaultLocale": "vi",
        "roles": {"realm": [{"name": role} for role in ROLES]},
        "clients": [_client(origins)],
        "users": [_user(user) for user in users],
        "components": {"org.keycloak.userprofile.UserProfileProvider": [_profile()]},
    }


def _client(origins: list[str]) -> dict[str, Any]:
    return {
        "clientId": CLIENT,
        "publicClient": True,
        "standardFlowEnabled": True,
        "directAccessGrantsEnabled": False,
        "redirectUris": [f"{origin}/*" for origin in origins],
        "webOrigins": origins,
        "attributes": {"pkce.code.challenge.method": "S256"},
        "protocolMappers": [
            _mapper("roles", "oidc-usermodel-realm-role-mapper", {"multivalued": "true"}),
            _attribute("areas", is_list=True),
            _attribute("person_id", is_list=False),
            _mapper("audience", "oidc-audience-mapper", {"included.custom.audience": AUDIENCE}),
        ],
    }


def _attribute(name: str, *, is_list: bool) -> dict[str, Any]:
    options = {"user.attribute": name, "multivalued": str(is_list).lower()}
    return _mapper(name, "oidc-usermodel-attribute-mapper", options)


def _mapper(name: str, kind: str, options: dict[str, str]) -> dict[str, Any]:
    claim = {"claim.name": name, "jsonType.label": "String", "access.token.claim": "true"}
    return {
        "name": name,
        "protocol": "openid-connect",
        "protocolMapper": kind,
        "config": {**({} if "audience" in kind else claim), "access.token.claim": "true", **options},
    }


def _user(user: DemoUser) -> dict[str, Any]:
    # The id becomes the token's subject: services know doctors and citizens by it.
    subject = user.person_id or user.username
    family, _, given = user.name.removeprefix("BS. ").partition(" ")
    return {
        "id": subject[:_USERNAME_LENGTH],
        "username": user.username,
        "firstName": given,
        "lastName": family,
        "email": f"{user.username}@la-chan.invalid",
        "emailVerified": True,
        "enabled": True,
        "realmRoles": list(user.roles),
        "attributes": {
            "areas": list(user.areas),
            **({"person_id": [user.person_id]} if user.person_id else {}),
        },
        "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
    }


def _profile() -> dict[str, Any]:
    config: dict[str, Any] = {"unmanagedAttributePolicy": "ADMIN_EDIT"}
    names = ("username", "email", "firstName", "lastName")
    config["attributes"] = [
        {"name": name, "permissions": {"view": ["admin", "user"], "edit": ["admin"]}} for name in names
    ]
    return {
        "providerId": "declarative-user-profile",
        "config": {"kc.user.profile.config": [json.dumps(config)]},
    }
