"""Judging facts: one call, one verdict, nothing stored."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from registry.routes.dependencies import AnyRequest, TheLaw
from registry.web.bodies import parse
from registry.web.encoded import Encoded
from registry.web.gate import JSON, NDJSON
from registry.web.judging import MOST_ROWS, RowProblem, answers, judged, unsupported, verdicts
from registry.web.problems import documented
from registry.web.rows import Lines, Streamed, whole
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
_rows = msgspec.json.Decoder(Annotated[list[msgspec.Raw], Meta(max_length=MOST_ROWS)])


def batch_body() -> Any:
    """A row that does not fit is answered in its place, so the schema of a row refuses nothing."""
    rows = Meta(
        max_length=MOST_ROWS,
        description="Each row is the body of a single assessment.",
        extra_json_schema={"items": {"anyOf": [{"$ref": "#/components/schemas/Facts"}, {}]}},
    )
    return Annotated[list[Any], rows]


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
        state = request.app.state
        answer = judged(await request.json(), state.law, state.clock.today())
        return Encoded(_encoder.encode(answer))

    @post(
        "/batch",
        operation_id="assessBatch",
        summary="Judge the facts of many transfers",
        status_code=200,
        opt={"body": batch_body, "media_types": (JSON, NDJSON)},
        request_max_body_size=None,  # Bounded below: an array as a whole, a stream by the line.
    )
    async def batch(self, request: AnyRequest) -> Response[list[Assessment | RowProblem]]:
        """One answer for each row, in their order: an array for an array of up to 10,000, lines for NDJSON.

        A row that cannot be read or judged is answered by its problem, with the row's `index` from 0; the
        others are answered as if they had been asked one by one. Empty lines are none, and no lines are
        answered by none; a row without `as_of` is judged on the day on which the request came. An array may have
        `ONWARD_MAX_BATCH_BYTES`, a line `ONWARD_MAX_BODY_BYTES`; of lines there may be any number. They are answered
        as they come.
        """
        state = request.app.state
        today: date = state.clock.today()
        bounds = state.settings
        if request.content_type[0] == NDJSON:
            longest = bounds.max_body_bytes
            return Streamed(answers(Lines(request.stream(), longest), state.law, today, longest), NDJSON)
        body = await whole(request.stream(), request.content_length, bounds.max_batch_bytes)
        made = b",".join(verdicts(parse(body, _rows), state.law, today))
        return Encoded(b"[" + made + b"]")

    @post(
        "/timeline",
        operation_id="assessThroughTime",
        summary="Judge the facts of one transfer on every day",
        status_code=200,
        responses=documented(422),
    )
    async def through_time(self, data: JSONBody[Facts], law: TheLaw) -> Timeline:
        """Each span with its verdict, what carries it and the event that began it; `as_of` is not needed.

        A span ends where the verdict changes, what carries it, or the careful reading of a review; `valid_until`
        is the last day of the verdict alone, as in a single answer.
        """
        try:
            intervals = timeline(data, law)
        except UnsupportedError as error:
            raise unsupported(error) from error
        return Timeline(regime=data.regime, intervals=intervals, law_edition=law.edition)
