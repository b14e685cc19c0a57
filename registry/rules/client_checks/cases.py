"""What the checks of clients look at."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from msgspec import Struct

from registry.resources.bindings import KnownClient
from registry.rules.audience import Touched
from registry.rules.checks import Case
from registry.rules.clients.judging import Judging
from transfers.law import Law


class ClientCase(Struct, frozen=True, kw_only=True):
    """What these checks look at: the case, and the clients that the change touches."""

    case: Case
    touched: tuple[Touched, ...]
    clients: Mapping[UUID, KnownClient]
    """All of them: who objects need not be touched."""
    today: date
    notice_days: int
    """What the register promises to everybody."""
    law: Law
    mails: bool
    """Whether any mail is sent: a server for it is set."""
    judging: Judging
