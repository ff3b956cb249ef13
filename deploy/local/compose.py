"""What deploy/compose.yaml needs: development keys, and Keycloak's realm with the sample accounts."""

import json
from pathlib import Path
from typing import Any

from common.geo import Units
from common.http.auth import ROLES
from common.oidc_local.issuer import CLIENT
from common.oidc_local.staff import DemoUser
from deploy.local import keys, people
from deploy.local.checkout import STATE, Ports
from deploy.local.services import AUDIENCE, PACKAGES

FOLDER = STATE / "compose"
REALM = "la-chan"
PASSWORD = "mau"
_USERNAME_LENGTH = 36


def write(folder: Path = FOLDER) -> Path:
    """Write the environment file and the realm; return the environment file."""
    secrets = folder / "keys"
    values = {
        "LACHAN_PERSON_KEY": keys.key(secrets, "person"),
        "TURN_SECRET": keys.key(secrets, "turn"),
        "KEYCLOAK_ADMIN_PASSWORD": keys.key(secrets, "keycloak-admin"),
        **{
            f"{package.upper()}_VAULT_KEYS": keys.named_key(secrets, f"vault-{package}")
            for package in PACKAGES
        },
    }
    file = folder / "environment"
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()), "ascii")
    file.chmod(0o600)
    users = people.users(Units.load(), values["LACHAN_PERSON_KEY"])
    document = json.dumps(realm(users, Ports()), indent=1, ensure_ascii=False)
    (folder / f"realm-{REALM}.json").write_text(document, "utf-8")
    return file


def realm(users: tuple[DemoUser, ...], ports: Ports) -> dict[str, Any]:
    """Return the realm: the roles, the public client of the pages with its claims, the sample accounts."""
    origins = [
        f"http://{host}:{getattr(ports, name)}" for host in ("localhost", "127.0.0.1") for name in PACKAGES
    ]
    return {
        "realm": REALM,
        "displayName": "Lá Chắn",
        "enabled": True,
        "sslRequired": "none",
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
