"""What if the law changed: asked of the register, or of facts that were sent."""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from registry.actions import world as worlds
from registry.database import Connection
from registry.errors import Fault, UnprocessableError
from registry.resources.simulations import Simulation
from registry.rules.laws import Laws
from registry.rules.simulations import answer, of_facts, of_register
from registry.store import known_clients
from transfers.facts import Facts
from transfers.law import Law
from transfers.simulation import LawChange, LawChangeError, changed


def laws(law: Law, changes: Sequence[LawChange]) -> Laws:
    """The law beside itself with the changes made; ``UnprocessableError`` names the change that cannot be."""
    try:
        return Laws(law, changed(law, changes))
    except LawChangeError as error:
        member = f"changes[{_first_fault(law, changes)}]"
        raise UnprocessableError(f"{member}: {error}.", [Fault(message=str(error), member=member)]) from error


async def over_register(db: Connection, compared: Laws, day: date) -> Simulation:
    """The transfers that turn, on the day or later; ``UnsupportedError`` where the law does not reach the day."""
    async with db.transaction(isolation="repeatable_read", readonly=True):
        world = await worlds.within(db)
        clients = await known_clients.read(db)
    found = of_register(world, compared, day, clients)
    return replace(
        answer(compared, day, found.looked_at),
        turned_transfers=tuple(found.transfers),
        sub_processors=tuple(found.sub_processors),
        services=tuple(found.services),
        clients=tuple(found.clients),
    )


def over_facts(facts: Sequence[Facts], compared: Laws, day: date) -> Simulation:
    """The rows that turn; raises ``UnsupportedError`` for a day that the law on record does not reach."""
    turned = of_facts(facts, compared, day)
    return replace(answer(compared, day, len(facts)), turned_facts=tuple(turned))


def _first_fault(law: Law, changes: Sequence[LawChange]) -> int:
    """Changes are made in order, so the first that fails is the one to mend."""
    for number in range(1, len(changes)):
        try:
            changed(law, changes[:number])
        except LawChangeError:
            return number - 1
    return len(changes) - 1
