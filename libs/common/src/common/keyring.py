"""The keys of a service, read once from its settings and handed out as what they are for."""

from dataclasses import dataclass

from common.keys import derived_key, secret_key
from common.mongo.blind import BlindIndex
from common.mongo.pseudonyms import Pseudonyms
from common.mongo.sealing import Vault
from common.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Keyring:
    """Pseudonyms (the same in every service), the vault and the search tokens (of this service only)."""

    pseudonyms: Pseudonyms
    vault: Vault
    blind: BlindIndex

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Keyring":
        """Read the keys of *settings*; without a blind key one is derived per service."""
        person_key = secret_key(settings.person_key.get_secret_value(), name="person_key")
        if settings.blind_key is None:
            blind_key = derived_key(person_key, f"blind-index:{settings.service_name}")
        else:
            blind_key = secret_key(settings.blind_key.get_secret_value(), name="blind_key")
        vault = Vault.parse(settings.vault_keys.get_secret_value())
        return cls(Pseudonyms(person_key), vault, BlindIndex(blind_key))
