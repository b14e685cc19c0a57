"""HTTP for changes: draft, review, publish, withdraw, postpone, and the stream of what was published."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta, Struct

from registry.actions import changes as actions
from registry.actions import drafts, reviews
from registry.actions.writing import writing
from registry.errors import NotFoundError
from registry.resources.actors import Role
from registry.resources.changes import (
    Change,
    ChangeDraft,
    ChangePatch,
    PostponementDraft,
    Publication,
    PublishedChange,
    WithdrawalDraft,
)
from registry.resources.reviews import Review
from registry.resources.stored import ChangeRow
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheLaw, TheSettings
from registry.rules.views import change_view, public_view
from registry.store import changes as store
from registry.store import head as head_store
from registry.web.conditional import etag, require_if_match
from registry.web.idempotency import once
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented
from registry.web.rights import STAFF

AfterNumber = Annotated[int, Meta(ge=0, le=2**62, description="The last change number already seen.")]


class ChangeStream(Struct, frozen=True, kw_only=True):
    """Published changes after a number, oldest first; nothing between two answers is ever skipped."""

    data: list[PublishedChange]
    last_number: int
    """Ask with this as `after` next; also given when `data` is empty."""


class ChangeController(Controller):
    """A change to the register is like a reviewed pull request."""

    path = "/v1/changes"
    tags = ("Changes",)

    @post(operation_id="draftChange", summary="Draft a change", responses=documented(409, 422))
    async def draft(
        self,
        request: AnyRequest,
        data: JSONBody[ChangeDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[Change]:
        """A draft alters nothing; its review shows what it would do."""

        async def effect() -> Response[Change]:
            async with writing(db, actor, clock) as w:
                row = await drafts.draft(w, data)
            return _drafted(row, settings.public_url)

        return await once(request, db, clock, effect)

    @get(operation_id="listChanges", summary="Follow the published changes")
    async def stream(
        self,
        db: Database,
        settings: TheSettings,
        after: FromQuery[AfterNumber] = 0,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
    ) -> ChangeStream:
        """Oldest first, in the order of publication, withdrawals and postponements included."""
        async with db.transaction(isolation="repeatable_read", readonly=True):
            head = await head_store.read(db)
            rows = await store.published(db, after=after, until=head.change_no, limit=limit)
        data = [public_view(row, settings.public_url) for row in rows]
        return ChangeStream(data=data, last_number=data[-1].number if data else min(after, head.change_no))

    @get("/drafts", operation_id="listDrafts", summary="List the drafts")
    async def list_drafts(
        self,
        request: AnyRequest,
        db: Database,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Change]]:
        """In the order of their making."""
        begin = position(cursor, UUID)
        rows = await store.drafts(db, after=begin.after if begin else None, limit=limit + 1)
        shown = [change_view(row) for row in rows[:limit]]
        return page(request, shown, after=shown[-1].id if len(rows) > limit else None)

    @get(
        "/{change_id:uuid}",
        operation_id="getChange",
        summary="Read one change",
        responses=documented(404),
    )
    async def read(
        self, change_id: FromPath[UUID], db: Database, actor: TheActor, settings: TheSettings
    ) -> Response[Change | PublishedChange]:
        """Colleagues see drafts, notes and acceptances; the public sees what is published."""
        row = await store.get(db, change_id)
        if actor.role in STAFF:
            return Response(change_view(row), headers={"ETag": _etag(row)})
        if row.number is None:
            raise NotFoundError(f"There is no change {change_id} on the register.")
        tag = etag(row.id, row.version, row.withdrawn_by, Role.PUBLIC)
        return Response(public_view(row, settings.public_url), headers={"ETag": tag})

    @patch(
        "/{change_id:uuid}",
        operation_id="editDraft",
        summary="Edit a draft",
        responses=documented(404, 409, 412, 422, 428),
    )
    async def edit(
        self,
        request: AnyRequest,
        change_id: FromPath[UUID],
        data: JSONBody[ChangePatch],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> Response[Change]:
        """Whoever edits a draft is its drafter from then on, so somebody else publishes it."""
        async with writing(db, actor, clock) as w:
            row = await drafts.get_draft(db, change_id)
            require_if_match(request, _etag(row))
            row = await drafts.edit(w, change_id, data)
        return Response(change_view(row), headers={"ETag": _etag(row)})

    @delete(
        "/{change_id:uuid}",
        operation_id="discardDraft",
        summary="Discard a draft",
        responses=documented(404, 409, 412, 428),
    )
    async def discard(
        self,
        request: AnyRequest,
        change_id: FromPath[UUID],
        db: Database,
        actor: TheActor,
        clock: TheClock,
    ) -> None:
        """What is published cannot be discarded, only withdrawn."""
        async with writing(db, actor, clock) as w:
            row = await drafts.get_draft(db, change_id)
            require_if_match(request, _etag(row))
            await drafts.discard(w, change_id)

    @get(
        "/{change_id:uuid}/review",
        operation_id="reviewChange",
        summary="Review a draft",
        responses=documented(404, 409, 422),
    )
    async def review(
        self,
        change_id: FromPath[UUID],
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
    ) -> Response[Review]:
        """What it would change from what to what, its checks, and the transfers with their verdicts.

        The ETag is what publishing must name in `If-Match`: one publishes what one saw.
        """
        async with db.transaction(isolation="repeatable_read", readonly=True):
            reviewed = await reviews.examine(
                db,
                change_id,
                today=clock.today(),
                law=law,
                notice_days=settings.notice_days,
                mails=settings.smtp is not None,
            )
        return Response(
            reviews.view(reviewed, second_person=settings.second_person),
            headers={"ETag": etag(*reviewed.tag)},
        )

    @post(
        "/{change_id:uuid}/publication",
        operation_id="publishChange",
        summary="Publish a draft",
        responses=documented(404, 409, 412, 422, 428),
    )
    async def publish(
        self,
        request: AnyRequest,
        change_id: FromPath[UUID],
        data: JSONBody[Publication],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
    ) -> Response[Change]:
        """By another holder than the drafter; from its day on it is simply true."""

        async def effect() -> Response[Change]:
            async with writing(db, actor, clock) as w:
                row = await actions.publish(
                    w,
                    change_id,
                    data,
                    today=clock.today(),
                    law=law,
                    notice_days=settings.notice_days,
                    second_person=settings.second_person,
                    seen=lambda reviewed: require_if_match(request, etag(*reviewed.tag), seen=True),
                )
            location = f"{settings.public_url}/v1/changes/{row.id}"
            return Response(change_view(row), headers={"Location": location, "ETag": _etag(row)})

        return await once(request, db, clock, effect)

    @post(
        "/{change_id:uuid}/withdrawal",
        operation_id="withdrawChange",
        summary="Draft the withdrawal of a published change",
        responses=documented(404, 409, 422),
    )
    async def withdraw(
        self,
        request: AnyRequest,
        change_id: FromPath[UUID],
        data: JSONBody[WithdrawalDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[Change]:
        """A change of its own: reviewed and published by a second person, with a number of its own."""

        async def effect() -> Response[Change]:
            async with writing(db, actor, clock) as w:
                row = await drafts.withdraw(w, change_id, data)
            return _drafted(row, settings.public_url)

        return await once(request, db, clock, effect)

    @post(
        "/{change_id:uuid}/postponement",
        operation_id="postponeChange",
        summary="Draft a later day for a published change",
        responses=documented(404, 409, 422),
    )
    async def postpone(
        self,
        request: AnyRequest,
        change_id: FromPath[UUID],
        data: JSONBody[PostponementDraft],
        db: Database,
        actor: TheActor,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[Change]:
        """A change of its own; it restarts no clock."""

        async def effect() -> Response[Change]:
            async with writing(db, actor, clock) as w:
                row = await drafts.postpone(w, change_id, data)
            return _drafted(row, settings.public_url)

        return await once(request, db, clock, effect)


def _drafted(row: ChangeRow, public_url: str) -> Response[Change]:
    location = f"{public_url}/v1/changes/{row.id}"
    return Response(change_view(row), headers={"Location": location, "ETag": _etag(row)})


def _etag(row: ChangeRow) -> str:
    return etag(row.id, row.version, row.withdrawn_by, row.open_objections)
