"""Who asks: roles, and the actor that the journal names."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Role(StrEnum):
    """What a key is for; one key has one role."""

    PUBLIC = "public"
    CLIENT = "client"
    CONTRACTS = "contracts"
    PROCUREMENT = "procurement"
    PRIVACY = "privacy"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Actor(Struct, frozen=True, kw_only=True):
    """Who asks or writes.

    ``name`` is what the journal records: ``key:UUID``, ``local:USER`` for the machine's
    operator, ``link:UUID`` for a link in a mail of that subscription, or ``public``.
    ``holder`` is the person; the second person who publishes a change is another holder,
    not merely another key.
    """

    name: str
    holder: str
    role: Role
    key_id: UUID | None = None
    client_id: UUID | None = None
    """The client whose key it is: then it sees what is public and what is that client's, and nothing else."""


PUBLIC = Actor(name="public", holder="", role=Role.PUBLIC)
