"""What clients instructed or never agreed to, and stands otherwise on the register today."""

from collections.abc import Iterator

from registry.resources.attention import AttentionItem, Noun, Urgency
from registry.rules.attention.cases import Case
from registry.rules.clients.instructions import contravened, standing
from registry.rules.clients.judging import Judging


def instruction_contravened(case: Case) -> Iterator[AttentionItem]:
    """Article 28(3)(a) GDPR: what a client instructed after the fact, or somebody accepted against its word."""
    judging = Judging(case.world, case.world, set(case.world.sub_processors), case.law)
    for client in case.running:
        for instruction in standing(client.instructions, case.today):
            for key, judged in judging.after(client, case.today).items():
                why = contravened(instruction.rule, judged, case.law)
                if why is None:
                    continue
                hop = judged.hop
                yield AttentionItem(
                    code="instruction_contravened",
                    urgency=Urgency.NOW,
                    noun=Noun.CLIENT,
                    subject=f"{client.reference}/{instruction.id}/{key}",
                    name=f"{hop.sub_processor} for {client.reference}",
                    message=(
                        f"{client.reference} instructed `{instruction.kind}`: at “{hop.place.text}” for"
                        f" “{hop.use.purpose}” of {hop.sub_processor}, {why}."
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


RULES = (instruction_contravened, instruction_flagged)
