"""What clients instructed or never agreed to, and stands otherwise on the register today."""

from collections.abc import Iterator

from registry.resources.attention import AttentionItem, Noun, Urgency
from registry.resources.world import KnownSubProcessor
from registry.rules.attention.cases import Case
from registry.rules.audience import terms_on
from registry.rules.clients.instructions import contraventions, standing
from registry.rules.clients.judging import Judging
from registry.rules.clients.narrowing import Scope, is_special, scope, special_agreed


def instruction_contravened(case: Case) -> Iterator[AttentionItem]:
    """Article 28(3)(a) GDPR: what a client instructed after the fact, or somebody accepted against its word."""
    judging = Judging(case.world, case.world, set(case.world.sub_processors), case.law)
    for client in case.running:
        if not client.instructions:
            continue
        found = {**judging.after(client, case.today), **judging.entrusted_after(client, case.today)}
        for instruction in standing(client.instructions, case.today):
            for one in contraventions(instruction, found, case.law):
                hop = one.judged.hop
                yield AttentionItem(
                    code="instruction_contravened",
                    urgency=Urgency.NOW,
                    noun=Noun.CLIENT,
                    subject=f"{client.reference}/{instruction.id}/{one.key}",
                    name=f"{hop.sub_processor} for {client.reference}",
                    message=(
                        f"{client.reference} instructed `{instruction.kind}`: at “{hop.place.text}” for"
                        f" “{hop.use.purpose}” of {hop.sub_processor}, {one.why}."
                    ),
                    to_do="Take this client's data elsewhere, or agree with the client and end the instruction.",
                    since=instruction.valid_from,
                    path=f"/v1/clients/{client.id}/instructions/{instruction.id}",
                    clients=(client.reference,),
                )


def instruction_flagged(case: Case) -> Iterator[AttentionItem]:
    """Article 28(3) GDPR: what we hold unlawful and do not follow is settled with the client, not left."""
    for client in case.running:
        for instruction in client.instructions:
            if instruction.flagged is not None and instruction.covers(case.today):
                yield AttentionItem(
                    code="instruction_flagged",
                    urgency=Urgency.OPEN,
                    noun=Noun.CLIENT,
                    subject=f"{client.reference}/{instruction.id}",
                    name=f"An instruction of {client.reference}",
                    message=f"{client.reference} instructed `{instruction.kind}`. {instruction.flagged.reason}",
                    to_do="Settle it with the client, and end the instruction or record what it rests on.",
                    since=instruction.flagged.flagged_on,
                    path=f"/v1/clients/{client.id}/instructions/{instruction.id}",
                    clients=(client.reference,),
                )


def special_categories_not_agreed(case: Case) -> Iterator[AttentionItem]:
    """Special categories of data (Article 9 GDPR) are processed for a client only where that is agreed and recorded."""
    known: dict[Scope, list[KnownSubProcessor]] = {}
    for client in case.running:
        within = scope(client, case.today)
        if within is None or special_agreed(client, within, case.today):
            continue
        if within not in known:
            known[within] = [
                one
                for one in case.world.sub_processors.values()
                if is_special(terms_on(case.world, one.id, case.today, within))
            ]
        for one in known[within]:
            facts = case.world.organisations[one.organisation_id].document_on(case.today)
            yield AttentionItem(
                code="special_categories_not_agreed",
                urgency=Urgency.NOW,
                noun=Noun.CLIENT,
                subject=f"{client.reference}/{one.id}",
                name=f"{facts['legal_name']} for {client.reference}",
                message=(
                    f"With {facts['legal_name']} special categories of data are involved, and with"
                    f" {client.reference} no agreement on them is on record."
                ),
                to_do="Conclude it (`special_categories_agreed_on`), or record that the client gives us none.",
                path=f"/v1/clients/{client.id}",
                clients=(client.reference,),
            )


RULES = (instruction_contravened, instruction_flagged, special_categories_not_agreed)
