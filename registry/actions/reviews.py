"""Review: what publishing a draft would do, computed afresh each time anybody asks."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from registry.actions.proposing import case, simulate
from registry.database import Connection
from registry.errors import AlreadyPublishedError
from registry.resources.bindings import KnownClient
from registry.resources.changes import ChangeKind, Check, CheckLevel, Notice
from registry.resources.reviews import Review, ReviewedClient, ReviewedTransfer
from registry.resources.stored import ChangeRow
from registry.rules import checks
from registry.rules.audience import Touched, audience, earliest, terms_now
from registry.rules.checks import Case
from registry.rules.client_checks import running as client_checks
from registry.rules.client_checks.cases import ClientCase
from registry.rules.clients.judging import Judging
from registry.rules.effect import notice
from registry.rules.proposals import Proposal
from registry.rules.transfers import Judged
from registry.rules.views import change_view
from registry.store import changes as store
from registry.store import head as head_store
from registry.store import known_clients
from registry.store.head import Head
from transfers.law import Law


class Reviewed:
    """A draft with its proposal, its case and the checks that ran on it."""

    def __init__(  # noqa: PLR0917 - made in few places, in the order of reading
        self,
        row: ChangeRow,
        head: Head,
        proposal: Proposal,
        examined: Case,
        today: date,
        law: Law,
        clients: Sequence[KnownClient] = (),
        notice_days: int | None = None,
        *,
        mails: bool = True,
    ) -> None:
        self.row = row
        self.head = head
        self.proposal = proposal
        self.case = examined
        self.today = today
        self.law = law
        self.mails = mails
        self.notice_days = examined.notice_days if notice_days is None else notice_days
        """What the register promises to everybody."""
        self.audience: tuple[Touched, ...] = audience(proposal, clients, today)
        self.clients = {client.id: client for client in clients}
        judged = (*examined.before.values(), *examined.after.values())
        subjects = {one.hop.sub_processor_id for each in judged for one in each.values()}
        self.judging = Judging(proposal.before, proposal.after, subjects, law)
        self.checks: tuple[Check, ...] = self._checked()

    def _checked(self) -> tuple[Check, ...]:
        about_clients = client_checks.run(
            ClientCase(
                case=self.case,
                touched=self.audience,
                clients=self.clients,
                today=self.today,
                notice_days=self.notice_days,
                law=self.law,
                mails=self.mails,
                judging=self.judging,
            )
        )
        found = [*checks.run(self.case), *about_clients]
        return tuple(sorted(found, key=lambda check: check.level is CheckLevel.WARNS))

    @property
    def tag(self) -> tuple[object, ...]:
        """What the review's ETag covers: the draft, the journal number, the law's edition and the day."""
        return (self.row.id, self.row.version, self.head.journal_no, self.law.edition, self.today)

    @property
    def notice(self) -> Notice:
        return notice(self.proposal.effects)

    @property
    def late(self) -> bool:
        """Whether it is published after a day on which it was already true, and is owed to anybody."""
        days = [
            min(part.effective_on, part.previously_on or part.effective_on) for part in self.proposal.parts
        ]
        return min(days) < self.today and self.notice is not Notice.NONE


async def examine(
    db: Connection, change_id: UUID, *, today: date, law: Law, notice_days: int, mails: bool = True
) -> Reviewed:
    """Simulate a draft against the register as it stands; the caller's transaction gives the snapshot.

    ``mails`` is whether a server for mail is set, so that who is told by mail alone can be told.
    """
    head = await head_store.read(db)
    row = await store.get(db, change_id)
    if row.number is not None:
        raise AlreadyPublishedError(
            f"Change {change_id} is published, as number {row.number}; there is nothing left to review."
            f" Read it at /v1/changes/{change_id}."
        )
    proposal = await simulate(
        db,
        kind=ChangeKind(row.kind),
        parts=row.parts,
        about=row.about_number,
        number=head.change_no + 1,
        today=today,
    )
    clients = await known_clients.read(db)
    longest = longest_notice(clients, notice_days, today)
    examined = case(proposal, today, law, longest)
    return Reviewed(row, head, proposal, examined, today, law, clients, notice_days, mails=mails)


def longest_notice(clients: Sequence[KnownClient], notice_days: int, today: date) -> int:
    """The longest notice promised to everybody, or to a client whose contract runs or is to run."""
    promised = (terms_now(client, today).notice_days for client in clients if client.runs_from(today))
    return max([notice_days, *promised])


def view(reviewed: Reviewed, *, second_person: bool) -> Review:
    """The review as it is shown; `second_person` is whether another than the drafter must publish it."""
    owed = reviewed.notice
    days = reviewed.notice_days
    lawful = [earliest(owed, days, reviewed.today), *(one.earliest_effective_on for one in reviewed.audience)]
    return Review(
        change=change_view(reviewed.row, reviewed.proposal.parts),
        as_of=reviewed.today,
        journal_number=reviewed.head.journal_no,
        law_edition=reviewed.law.edition,
        notice=owed,
        notice_days=days if owed is Notice.FULL_PERIOD else 0,
        earliest_effective_on=max(lawful),
        late=reviewed.late,
        parts=reviewed.proposal.parts,
        checks=reviewed.checks,
        transfers=(*_transfers(reviewed.case), *_of_clients(reviewed)),
        clients=tuple(_client(touched) for touched in reviewed.audience),
        publishable_by=(
            f"a holder other than {reviewed.row.drafted_by_holder}"
            if second_person
            else "anybody with the role; who drafted it may, and the journal and the notice say so"
        ),
    )


def _client(touched: Touched) -> ReviewedClient:
    return ReviewedClient(
        client_id=touched.client_id,
        reference=touched.reference,
        notice=touched.owed,
        authorisation=touched.authorisation,
        notice_days=touched.notice_days,
        objection_days=touched.objection_days,
        widens_on=touched.widens_on,
        earliest_effective_on=touched.earliest_effective_on,
        parts=touched.parts,
    )


def _transfers(examined: Case) -> Sequence[ReviewedTransfer]:
    found: dict[tuple[object, ...], ReviewedTransfer] = {}
    for day in examined.days:
        before, after = examined.before[day], examined.after[day]
        for key in [*after, *(key for key in before if key not in after)]:
            reviewed = _reviewed(day, after.get(key) or before[key], before.get(key), after.get(key))
            # One line for each turn: a later day repeats only what it alters.
            found.setdefault((key, reviewed.before, reviewed.after), reviewed)
    return list(found.values())


def _of_clients(reviewed: Reviewed) -> Sequence[ReviewedTransfer]:
    """What turns under the rules that come with clients' data alone, and of what they entrust to us."""
    examined, judging = reviewed.case, reviewed.judging
    found: dict[tuple[object, ...], ReviewedTransfer] = {}
    for touched in reviewed.audience:
        client = reviewed.clients[touched.client_id]
        for day in examined.days:
            before: dict[UUID, Judged] = {}
            after: dict[UUID, Judged] = {}
            if judging.carries_rules(client, day):
                before, after = judging.before(client, day), judging.after(client, day)
            if judging.moves_us:
                before = {**before, **judging.entrusted_before(client, day)}
                after = {**after, **judging.entrusted_after(client, day)}
            for key in [*after, *(key for key in before if key not in after)]:
                if key in examined.after[day] or key in examined.before[day]:
                    continue
                was, becomes = before.get(key), after.get(key)
                if was is not None and becomes is not None and was.verdict is becomes.verdict:
                    continue
                one = _reviewed(day, becomes or before[key], was, becomes)
                known = found.get((key, one.before, one.after), replace(one, id=key))
                names = dict.fromkeys((*known.clients, touched.reference))
                found[key, one.before, one.after] = replace(known, clients=tuple(names))
    return list(found.values())


def _reviewed(day: date, shown: Judged, before: Judged | None, after: Judged | None) -> ReviewedTransfer:
    hop = shown.hop
    return ReviewedTransfer(
        id=hop.id,
        sub_processor=hop.sub_processor,
        use=hop.use.purpose,
        place=hop.place.text,
        country=hop.place.country or hop.place.group,
        regime=hop.regime,
        on=day,
        before=before.verdict if before else None,
        after=after.verdict if after else None,
        relied_on=after.mechanism if after else None,
        valid_until=after.assessment.valid_until if after else None,
    )
