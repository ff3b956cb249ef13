"""What the permit service must be told before it can start."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from common.settings import ServiceSettings


class PermitSettings(ServiceSettings):
    """`PERMIT_*`, with `LACHAN_*` for what all services share."""

    model_config = SettingsConfigDict(env_prefix="PERMIT_", extra="ignore", frozen=True)

    issuer: str = Field(
        default="VN-19",
        pattern=r"^[A-Z0-9-]{2,40}$",
        description="Who signs the permits; it is written into every code.",
    )
    pkcs11_library: str = Field(
        default="",
        description="Library of a PKCS #11 module. Empty: keys are sealed in the database.",
    )
    pkcs11_token: str = Field(default="", description="Label of the module's token.")
    pkcs11_pin: SecretStr = Field(default=SecretStr(""), description="PIN of the token's user.")
