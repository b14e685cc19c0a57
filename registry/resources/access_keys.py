"""Access keys: who may ask as what."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from registry.resources.actors import Role
from registry.resources.base import Name, Request

SECRET_PREFIX = "onw_"  # noqa: S105 - what every secret begins with
SECRET_FORM = re.compile(r"onw_[A-Za-z0-9_-]{43}", re.ASCII)

Days = Annotated[int, Meta(ge=1, le=3650, description="For how many days the key is good.")]


class KeyRole(StrEnum):
    """The roles that a key can have; ``public`` needs none."""

    CLIENT = "client"
    CONTRACTS = "contracts"
    PROCUREMENT = "procurement"
    PRIVACY = "privacy"
    AUDITOR = "auditor"
    ADMIN = "admin"


class AccessKeyDraft(Request, frozen=True, kw_only=True):
    """The body of ``POST /v1/access-keys``.

    ``holder`` is the person who holds the key: the one who publishes a change must be another
    than the one who drafted it. With ``null`` for ``days`` the key is good until it is revoked.
    ``client_id`` binds a key to one client, which the role ``client`` needs and ``contracts`` may have.
    """

    role: KeyRole
    holder: Name
    days: Days | None = 365
    client_id: UUID | None = None

    def __post_init__(self) -> None:
        """Refuse a client's key without a client, and one for a role that is nobody's in particular."""
        super().__post_init__()
        if self.role is KeyRole.CLIENT and self.client_id is None:
            raise ValueError("client_id: a key of the role client belongs to a client; say which")
        if self.client_id is not None and self.role not in (KeyRole.CLIENT, KeyRole.CONTRACTS):
            raise ValueError(
                f"client_id: only the roles client and contracts are bound to a client, not {self.role}"
            )


class AccessKey(Struct, frozen=True, kw_only=True):
    """An access key as it is shown; its secret was shown once, when it was made."""

    id: UUID
    role: Role
    holder: str
    client_id: UUID | None = None
    """The client that it is bound to; absent: none in particular."""
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    version: int


class AccessKeyCreated(Struct, frozen=True, kw_only=True):
    """A new key with its secret, which cannot be shown again.

    The answer to a repeated request with the same ``Idempotency-Key`` has ``null`` for the secret.
    """

    secret: str | None
    access_key: AccessKey


class Me(Struct, frozen=True, kw_only=True):
    """Who asks, as Onward sees it."""

    actor: str
    holder: str
    role: Role
    expires_at: datetime | None
    client_id: UUID | None
    """The client that the key is bound to."""
    client_reference: str | None
