"""What clients receive, in the published contract: OpenAPI's ``webhooks``, one for each kind of event."""

from collections.abc import Callable
from typing import Any

from registry.resources.webhooks import WebhookBody, WebhookTest

BODIES = (WebhookBody, WebhookTest)
EVENTS = (
    ("changePublished", "`change.published`: a change is announced", WebhookBody),
    ("changeReminder", "`change.reminder`: the last day for an objection is near", WebhookBody),
    ("changeOutcome", "`change.outcome`: what became of a notice", WebhookBody),
    ("subscriptionTest", "`subscription.test`: the endpoint is tried out", WebhookTest),
)

DESCRIPTION = """\
Signed by the Standard Webhooks specification, whose libraries verify it: HMAC-SHA256 over `id.timestamp.body` under the
`whsec_…` secret of the subscription. Answer 2xx within the time limit. Everything else is tried again with growing
pauses under the same `webhook-id`, so treat one that you know as done; `Retry-After` is honoured, redirects are not
followed, and 410 ends the subscription's use.
"""

HEADERS = (
    ("webhook-id", "The delivery: the same in every attempt.", {"type": "string", "format": "uuid"}),
    (
        "webhook-timestamp",
        "When this attempt was made, in seconds since 1970.",
        {"type": "string", "pattern": "^[0-9]+$"},
    ),
    (
        "webhook-signature",
        "One `v1,…` for each secret that is good; two while a secret is replaced.",
        {"type": "string"},
    ),
)


def section(schema_of: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The webhooks by name."""
    return {
        name: {
            "post": {
                "operationId": name,
                "summary": summary,
                "description": DESCRIPTION,
                "tags": ["Webhooks"],
                "parameters": [
                    {"name": header, "in": "header", "required": True, "description": text, "schema": schema}
                    for header, text, schema in HEADERS
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": schema_of(body)}},
                },
                "responses": {
                    "2XX": {"description": "Received. Only this counts as delivered."},
                    "410": {"description": "Gone: nothing is sent to this endpoint any more."},
                },
                "security": [],
            }
        }
        for name, summary, body in EVENTS
    }
