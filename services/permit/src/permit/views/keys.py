"""The ring of keys, for administrators."""

from datetime import datetime

from pydantic import BaseModel, Field

from permit.domain.keys import SigningKey


class KeyView(BaseModel):
    """One signing key, without its private part."""

    kid: str
    status: str
    not_before: datetime
    not_after: datetime
    accept_until: datetime
    categories: tuple[int, ...] = Field(description="Trống: mọi nhóm")
    areas: tuple[str, ...] = Field(description="Trống: mọi địa bàn")

    @classmethod
    def of(cls, key: SigningKey) -> "KeyView":
        """Describe a key."""
        return cls(
            kid=key.key.kid,
            status=key.status,
            not_before=key.not_before,
            not_after=key.not_after,
            accept_until=key.accept_until,
            categories=key.scope.categories,
            areas=key.scope.areas,
        )


class KeysView(BaseModel):
    """The ring of keys."""

    sequence: int
    items: list[KeyView]
