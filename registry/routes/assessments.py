"""Judging facts: one call, one verdict, nothing stored."""

from datetime import date
from typing import cast

import msgspec
from litestar import Controller, Response, post
from litestar.params import JSONBody
from msgspec import Struct

import transfers
from registry.errors import LawUnsupportedError
from registry.resources.base import check_day
from registry.routes.dependencies import AnyRequest, TheLaw
from registry.web.bodies import unfit
from registry.web.problems import documented
from transfers.errors import UnsupportedError
from transfers.facts import Facts
from transfers.findings import Assessment
from transfers.timeline import Interval, timeline
from transfers.vocabulary import Regime


class Timeline(Struct, frozen=True, kw_only=True):
    """Every verdict on the same facts, from 1995 to the last day that is on record."""

    regime: Regime
    intervals: tuple[Interval, ...]
    law_edition: str


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
            raise _unsupported(error) from error
        # Encoded here: the bytes pass through the framework as they are.
        return cast(
            "Response[Assessment]", Response(_encoder.encode(assessment), media_type="application/json")
        )

    @post(
        "/timeline",
        operation_id="assessThroughTime",
        summary="Judge the facts of one transfer on every day",
        status_code=200,
        responses=documented(422),
    )
    async def through_time(self, data: JSONBody[Facts], law: TheLaw) -> Timeline:
        """Each interval with its verdict and the event that turned it; `as_of` is not needed."""
        try:
            intervals = timeline(data, law)
        except UnsupportedError as error:
            raise _unsupported(error) from error
        return Timeline(regime=data.regime, intervals=intervals, law_edition=law.edition)


def _unsupported(error: UnsupportedError) -> LawUnsupportedError:
    return LawUnsupportedError(f"{error}. No verdict is given, since a guess could be relied on.")


def _within_calendar(day: date) -> date:
    try:
        check_day("as_of", day)
    except ValueError as error:
        raise unfit(str(error)) from error
    return day
