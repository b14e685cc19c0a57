"""Judging facts: one call, one verdict, nothing stored."""

from datetime import date
from typing import cast

import msgspec
from litestar import Controller, Response, post

import transfers
from registry.errors import LawUnsupportedError
from registry.resources.base import check_day
from registry.routes.dependencies import AnyRequest
from registry.web.bodies import unfit
from registry.web.problems import documented
from transfers.errors import UnsupportedError
from transfers.facts import Facts
from transfers.findings import Assessment

_encoder = msgspec.json.Encoder()


class AssessmentController(Controller):
    """Ask the law engine."""

    path = "/v1/assessments"
    tags = ("The law",)

    @post(
        operation_id="assess",
        summary="Judge the facts of one transfer",
        status_code=200,
        responses=documented(422),
        # Read here rather than by the framework, whose way from body to `data` takes longer than the verdict.
        opt={"body": Facts},
    )
    async def assess(self, request: AnyRequest) -> Response[Assessment]:
        """The verdict on the day `as_of` (today, if left out), with findings, sources and how long it holds.

        A fact that is left out and has no default is unknown, and unknown is never "condition met": where
        the outcome turns on it the verdict is `needs_review` and `missing` says what to ask.
        """
        data: Facts = await request.json()
        state = request.app.state
        day: date = state.clock.today() if data.as_of is None else _within_calendar(data.as_of)
        try:
            assessment = transfers.assess(data, state.law, day)
        except UnsupportedError as error:
            message = f"{error}. No verdict is given, since a guess could be relied on."
            raise LawUnsupportedError(message) from error
        # Encoded here: the bytes pass through the framework as they are.
        return cast(
            "Response[Assessment]", Response(_encoder.encode(assessment), media_type="application/json")
        )


def _within_calendar(day: date) -> date:
    try:
        check_day("as_of", day)
    except ValueError as error:
        raise unfit(str(error)) from error
    return day
