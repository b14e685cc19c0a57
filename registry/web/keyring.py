"""Authentication: from the ``Authorization`` header to the actor who asks."""

import hashlib
from datetime import datetime, timedelta

from msgspec import Struct

from registry.clock import Clock
from registry.database import Pool
from registry.errors import UnauthenticatedError
from registry.resources.access_keys import SECRET_FORM, AccessKey
from registry.resources.actors import PUBLIC, Actor
from registry.store import access_keys

FRESH = timedelta(seconds=1)
"""How long a key is believed without asking the database again."""

MOST_CACHED = 10_000

NOT_BEARER = "The Authorization header must be `Bearer onw_…`, once; other schemes are not taken."
WRONG = (
    "The access key is not known here. It may be mistyped, or of another register."
    " Ask an admin for a new one, or leave the Authorization header out to ask as the public."
)


class Known(Struct, frozen=True):
    """What a secret was found to be, and when; ``key`` is absent for a wrong one."""

    key: AccessKey | None
    seen_at: datetime


class Keyring:
    """Looks access keys up and believes what it saw for a second.

    ``pool`` is set when the server has opened it.
    """

    def __init__(self, clock: Clock) -> None:
        self.pool: Pool | None = None
        self._clock = clock
        self._known: dict[bytes, Known] = {}

    async def actor(self, headers: list[bytes]) -> Actor:
        """Who asks; a key that is wrong, expired or revoked is an error and never the public."""
        if not headers:
            return PUBLIC
        key = await self._lookup(_secret(headers))
        now = self._clock.now()
        if key.revoked_at is not None:
            message = (
                f"The access key was revoked at {key.revoked_at.isoformat()}. Ask an admin for a new one."
            )
            raise UnauthenticatedError(message)
        if key.expires_at is not None and key.expires_at <= now:
            message = f"The access key expired at {key.expires_at.isoformat()}. Ask an admin for a new one."
            raise UnauthenticatedError(message)
        return Actor(
            name=f"key:{key.id}",
            holder=key.holder,
            role=key.role,
            key_id=key.id,
            client_id=key.client_id,
        )

    def forget(self) -> None:
        """Believe nothing seen before: this process has just written a key."""
        self._known.clear()

    async def _lookup(self, secret: str) -> AccessKey:
        digest = hashlib.sha256(secret.encode()).digest()
        now = self._clock.now()
        known = self._known.get(digest)
        if known is None or not now - FRESH < known.seen_at <= now:
            if self.pool is None:
                raise UnauthenticatedError(WRONG)
            async with self.pool.acquire() as db:
                known = Known(await access_keys.find(db, digest), now)
            if len(self._known) >= MOST_CACHED:
                self._known.clear()
            self._known[digest] = known
        if known.key is None:
            raise UnauthenticatedError(WRONG)
        return known.key


def _secret(headers: list[bytes]) -> str:
    scheme, _, secret = headers[0].decode("latin-1").partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer":
        raise UnauthenticatedError(NOT_BEARER)
    secret = secret.strip()
    if not SECRET_FORM.fullmatch(secret):
        raise UnauthenticatedError(WRONG)
    return secret
