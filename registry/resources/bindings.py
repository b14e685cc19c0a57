"""A client with everything that decides which changes bind it, as the pure rules see it."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from registry.resources.authorisations import Decision
from registry.resources.clients import ClientPeriod
from registry.resources.instructions import Instruction


class Contested(Struct, frozen=True, kw_only=True):
    """A change that a client authorises itself, or that it objects to."""

    change_id: UUID
    number: int
    subjects: tuple[UUID, ...]
    """The sub-processors and organisations that it is about."""
    objection: str | None
    """The state of the objection; None: it is a matter of specific authorisation."""
    withdrawn: bool
    """Whether it was withdrawn since, so that nothing is left to be decided."""
    binds_from: date | None
    """The day of the decision to go on against an objection, of its rejection or retraction; None: there is none."""


class KnownClient(Struct, frozen=True, kw_only=True):
    """A client with its periods, decisions, instructions and contested changes."""

    id: UUID
    version: int
    reference: str
    periods: tuple[ClientPeriod, ...]
    has_channel: bool
    """Whether a channel for contract notices is confirmed."""
    by_mail_alone: bool = False
    """Whether mail is the only such channel: then nothing reaches it while no mail is sent."""
    decisions: tuple[Decision, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    contested: tuple[Contested, ...] = ()

    def on(self, day: date) -> ClientPeriod | None:
        """The period that covers the day; None: the contract does not run on it."""
        return next((period for period in self.periods if period.covers(day)), None)

    def runs_from(self, day: date) -> bool:
        """Whether the contract runs on the day or on any later one."""
        return any(period.valid_until is None or period.valid_until >= day for period in self.periods)
