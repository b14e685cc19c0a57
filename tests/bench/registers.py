"""What would turn in a register of 10,000 transfers, beside judging as many facts once."""

import random
import statistics
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

import transfers
from registry.resources.organisations import OrganisationFacts
from registry.resources.periods import TermsPeriod
from registry.resources.terms import Terms
from registry.resources.world import KnownOrganisation, KnownSubProcessor, World
from registry.rules.documents import canonical
from registry.rules.facts import question
from registry.rules.hops import hops
from registry.rules.laws import Laws
from registry.rules.simulations import of_register
from registry.web import judging
from tests.bench.cases import CASES
from tests.bench.law import DAY, ROUNDS, seconds
from tests.bench.targets import at_most
from transfers import codes
from transfers.simulation import End, changed

VENDORS: Final = 500
PLACES: Final = 20
AMERICAN: Final = 0.3
CLAUSES: Final = 1.0
BEGUN: Final = datetime(2024, 1, 1, tzinfo=UTC)


def simulations() -> None:
    """The end of a decision over a register, and a batch of the facts of the same transfers."""
    law = transfers.load_law()
    register = world()
    laws = Laws(law, changed(law, [End(decision="32023D1795", last_day=date(2027, 1, 1))]))
    bodies = [question(hop, DAY) for hop in hops(register, DAY, law)]
    written = msgspec.json.encode(bodies)
    rows = msgspec.json.Decoder(list[msgspec.Raw])
    batches, looks = [], []
    for _ in range(ROUNDS):  # In turns, so that whatever else the machine does meets both.
        batches.append(seconds(lambda: b",".join(judging.verdicts(rows.decode(written), law, DAY)), 1))
        looks.append(seconds(lambda: of_register(register, laws, DAY), 1))
    batch, simulated = statistics.median(batches), statistics.median(looks)
    turned = len(of_register(register, laws, DAY).transfers)
    name = f"what if, {len(bodies):,} transfers"
    print(
        f"  {name:<38} {simulated * 1000:>6.0f} ms   {simulated / batch:4.2f} of a batch of their facts"
        f" ({batch * 1000:.0f} ms)   {at_most(simulated / batch, 2)}   {turned:,} turn"
    )


def world() -> World:
    """Vendors in any country and often in the United States, half of them under clauses of their own."""
    chosen = random.Random(1)
    ids = iter(range(1, 10 * VENDORS))
    own = _organisation(_id(next(ids)), {"legal_name": "Us", "country": "BE"}, own=True)
    organisations, sub_processors = {own.id: own}, {}
    countries = sorted(code for code, country in codes.countries().items() if country.assigned)
    for number in range(VENDORS):
        facts: dict[str, Any] = {
            "legal_name": f"Vendor {number}",
            "country": "US",
            "certifications_known": True,
            "certifications": {"dpf": {"framework": "eu_us_dpf"}} if chosen.random() < 0.5 else {},
        }
        organisation = _organisation(_id(next(ids)), facts)
        key = _id(next(ids))
        organisations[organisation.id] = organisation
        sub_processors[key] = KnownSubProcessor(
            id=key,
            organisation_id=organisation.id,
            periods=(
                TermsPeriod(
                    first=date(2025, 1, 1),
                    last=None,
                    document=_terms(chosen, countries),
                    changes=(number + 1,),
                ),
            ),
        )
    return World(
        change_no=VENDORS,
        journal_no=VENDORS,
        services={"mail": "Mail"},
        organisations=organisations,
        sub_processors=sub_processors,
    )


def _id(number: int) -> UUID:
    return UUID(int=number)


def _organisation(key: UUID, facts: dict[str, Any], *, own: bool = False) -> KnownOrganisation:
    document = canonical(facts, OrganisationFacts)
    return KnownOrganisation(id=key, version=1, own=own, document=document, created_at=BEGUN)


def _terms(chosen: random.Random, countries: list[str]) -> dict[str, Any]:
    places = {
        f"place-{number}": {
            "role": chosen.choice(["storage", "support_access", "backup"]),
            "text": f"Place {number}",
            "country": "US" if chosen.random() < AMERICAN else chosen.choice(countries),
        }
        for number in range(PLACES)
    }
    body: dict[str, Any] = {"uses": {"hosting": {"purpose": "Hosting", "data": {}, "places": places}}}
    if chosen.random() < CLAUSES:
        concluded = date(2021, 7, 1) + timedelta(days=chosen.randrange(1900))
        scc = CASES["standard clauses (DE to IN)"]["safeguards"][0] | {"concluded_on": concluded.isoformat()}
        body["safeguards"] = {"scc": {"tool": scc}}
    return canonical(body, Terms)
