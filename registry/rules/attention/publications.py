"""Changes that were not published as they should be: after their day, without their notice, or by one person."""

from collections.abc import Iterator

from registry.resources.attention import AttentionItem, IrregularChange, Noun, Urgency
from registry.rules.attention.cases import Case


def published_late(case: Case) -> Iterator[AttentionItem]:
    """Article 28(2) GDPR: clients are informed of what is intended, and this was true when they were told."""
    for one in case.irregular:
        if one.late and one.clients:
            yield _item(
                one,
                code="published_late",
                message=(
                    f"Change {one.number} was published on {one.published_on}, after a day on which it was true;"
                    f" {_who(one)} can still object."
                ),
                to_do="Be ready to undo it for whoever objects, and see how it came to be told too late.",
            )


def emergency(case: Case) -> Iterator[AttentionItem]:
    """What could not wait for its notice takes effect while its clients may still object."""
    for one in case.irregular:
        if one.emergency is not None and one.clients:
            yield _item(
                one,
                code="emergency",
                message=(
                    f"Change {one.number} did not wait for its notice: {one.emergency} {_who(one)} can still object."
                ),
                to_do="Be ready to undo it for whoever objects; end it as soon as the reason is gone.",
            )


def published_alone(case: Case) -> Iterator[AttentionItem]:
    """One person drafted and published: nobody else has looked."""
    for one in case.irregular:
        if one.alone:
            yield _item(
                one,
                code="published_alone",
                message=f"{one.published_by} alone drafted and published change {one.number}.",
                to_do="Have somebody else look at it, and correct or withdraw what does not hold.",
            )


RULES = (published_late, emergency, published_alone)


def _item(one: IrregularChange, *, code: str, message: str, to_do: str) -> AttentionItem:
    lasting = code != "published_alone"
    return AttentionItem(
        code=code,
        urgency=Urgency.OPEN,
        noun=Noun.CHANGE,
        subject=str(one.change_id),
        name=f"Change {one.number}",
        message=message,
        to_do=to_do,
        since=one.published_on,
        until=one.until if lasting else None,
        path=f"/v1/changes/{one.change_id}",
        clients=one.clients if lasting else (),
    )


def _who(one: IrregularChange) -> str:
    return ", ".join(one.clients)
