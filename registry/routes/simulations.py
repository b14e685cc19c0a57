"""HTTP for simulations: what if the law changed."""

from litestar import Controller, post
from litestar.params import JSONBody
from msgspec import UNSET

from registry.actions import simulations as actions
from registry.resources.simulations import Simulation, SimulationRequest
from registry.routes.dependencies import Database, TheActor, TheClock, TheLaw
from registry.web.judging import check_calendar, unsupported
from registry.web.problems import documented
from registry.web.rights import CONTRACTS, refuse, refuse_bound
from transfers.errors import UnsupportedError


class SimulationController(Controller):
    """Ask what would turn."""

    path = "/v1/simulations"
    tags = ("The law",)

    @post(
        operation_id="simulate",
        summary="Ask what would turn if the law changed",
        status_code=200,
        responses=documented(403, 422),
    )
    async def simulate(
        self, data: JSONBody[SimulationRequest], db: Database, law: TheLaw, clock: TheClock, actor: TheActor
    ) -> Simulation:
        """End a decision or an entry of a list, add one, or amend the scope of one: what turns, and where it lands.

        Over `facts` it is open to everyone; without them it is asked of the register's transfers, for which a
        key is needed. The answer names each that turns, the first day on which it does, from what to what,
        and what carries it then. The law itself stays as it is.
        """
        if data.facts is UNSET and actor.role not in CONTRACTS:
            refuse(actor, CONTRACTS)
        if data.facts is UNSET and actor.client_id is not None:
            refuse_bound(actor)
        compared = actions.laws(law, data.changes)
        day = data.as_of or clock.today()
        try:
            if data.facts is UNSET:
                return await actions.over_register(db, compared, day)
            for facts in data.facts:
                check_calendar(facts)
            return actions.over_facts(data.facts, compared, day)
        except UnsupportedError as error:
            raise unsupported(error) from error
