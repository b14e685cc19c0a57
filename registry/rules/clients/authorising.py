"""Where the specific authorisation of a change stands, subject by subject (Article 28(2) GDPR)."""

from collections.abc import Sequence
from uuid import UUID

from registry.resources.authorisations import Authorisation, AuthorisationState
from registry.resources.bindings import KnownClient
from registry.resources.changes import Part
from registry.rules.clients.binding import last_decision


def authorisations(
    client: KnownClient, change_id: UUID, number: int, parts: Sequence[Part]
) -> list[Authorisation]:
    """One for each subject of the change; the last decision about it, or about the whole change, holds."""
    found = []
    for part in parts:
        subject_id = part.sub_processor_id or part.organisation_id
        decision = last_decision(client, change_id, subject_id)
        state = AuthorisationState.PENDING
        if decision is not None:
            state = AuthorisationState(decision.state.value)
        found.append(
            Authorisation(
                change_id=change_id,
                change_number=number,
                sub_processor_id=part.sub_processor_id,
                name=part.name,
                effective_on=part.effective_on,
                state=state,
                reason=decision.reason if decision else None,
                decided_at=decision.decided_at if decision else None,
                decided_by=decision.decided_by if decision else None,
            )
        )
    return found
