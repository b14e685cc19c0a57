"""Making and revoking access keys, each in one journalled transaction."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from registry.actions.writing import Writing, writing
from registry.clock import Clock
from registry.database import Connection
from registry.errors import ConflictError, Fault, InvalidError, no_client
from registry.resources.access_keys import SECRET_PREFIX, AccessKey, AccessKeyCreated, AccessKeyDraft, KeyRole
from registry.resources.actors import Actor, Role
from registry.store import access_keys as store
from registry.store import clients as client_store

SECRET_BYTES = 32
FIRST_HOLDER = "first admin"
FIRST_DAYS = 365
SYSTEM = Actor(name="system", holder="system", role=Role.ADMIN)


async def create(db: Connection, actor: Actor, clock: Clock, draft: AccessKeyDraft) -> AccessKeyCreated:
    """Make a key; the secret is in the answer and nowhere else."""
    async with writing(db, actor, clock) as w:
        return await _make(w, draft)


async def revoke(db: Connection, actor: Actor, clock: Clock, access_key_id: UUID) -> AccessKey:
    """Revoke a key for good; ``ConflictError`` when it is revoked already."""
    async with writing(db, actor, clock) as w:
        revoked = await store.revoke(db, access_key_id, w.at, actor.name)
        if revoked is None:
            key = await store.get(db, access_key_id)
            message = f"Access key {key.id} was revoked already, at {key.revoked_at}; there is nothing to do."
            raise ConflictError(message)
        await w.journal("revoked", "access_key", revoked.id, revoked)
    return revoked


async def ensure_first_admin(
    db: Connection, clock: Clock, tell: Callable[[AccessKeyCreated], None]
) -> AccessKeyCreated | None:
    """Make the first admin key when there is no key at all, and tell it.

    It is told before it is stored: who is killed in between has seen a key that is none, and is given another
    at the next start. The other way round the only key could be lost. ``None`` when there are keys. Two starters
    at once queue for the head row, so one key is made.
    """
    if await store.any_exist(db):
        return None
    async with writing(db, SYSTEM, clock) as w:
        if await store.any_exist(db):
            return None
        draft = AccessKeyDraft(role=KeyRole.ADMIN, holder=FIRST_HOLDER, days=FIRST_DAYS)
        created = await _make(w, draft)
        tell(created)
    return created


async def _make(w: Writing, draft: AccessKeyDraft) -> AccessKeyCreated:
    if draft.client_id is not None and await client_store.reference(w.db, draft.client_id) is None:
        message = no_client(draft.client_id).detail
        raise InvalidError(message, [Fault(member="client_id", message=message)])
    secret = SECRET_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    digest = hashlib.sha256(secret.encode()).digest()
    expires_at = w.at + timedelta(days=draft.days) if draft.days else None
    key = await store.add(
        w.db,
        digest=digest,
        holder=draft.holder,
        role=Role(draft.role),
        at=w.at,
        created_by=w.actor.name,
        expires_at=expires_at,
        client_id=draft.client_id,
    )
    await w.journal("created", "access_key", key.id, key)
    return AccessKeyCreated(secret=secret, access_key=key)
