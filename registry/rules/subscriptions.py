"""What a subscription may be: a pure check of what was asked for."""

from collections.abc import Collection, Iterator

from registry.channels.endpoints import Endpoint
from registry.channels.mailboxes import read_address
from registry.errors import Fault
from registry.resources.subscriptions import (
    Channel,
    SubscriptionDraft,
    SubscriptionPatch,
    SubscriptionPurpose,
)
from registry.rules.countries import followable


def faults(draft: SubscriptionDraft, services: Collection[str]) -> list[Fault]:
    """Everything that is wrong with it; ``services`` are the keys on the register."""
    return [*_channel(draft), *_purpose(draft), *unknown(draft, services)]


def address(draft: SubscriptionDraft) -> str | None:
    """The address in the one form in which it is stored; ``ValueError`` says what is wrong with it."""
    if draft.address is None:
        return None
    if draft.channel is Channel.EMAIL:
        return read_address(draft.address)
    return Endpoint.read(draft.address).url


def unknown(wanted: SubscriptionDraft | SubscriptionPatch, services: Collection[str]) -> list[Fault]:
    """A fault for each service or country that is not there: a filter that fits nothing would be silent for ever."""
    found = []
    for index, key in enumerate(wanted.services or ()):
        if key not in services:
            there = f"there are: {', '.join(sorted(services))}" if services else "there is none yet"
            found.append(
                Fault(
                    member=f"services[{index}]",
                    message=f"there is no service {key!r} on the register; {there}",
                )
            )
    for index, code in enumerate(wanted.countries or ()):
        try:
            followable(code)
        except ValueError as error:
            found.append(Fault(member=f"countries[{index}]", message=str(error)))
    return found


def _channel(draft: SubscriptionDraft) -> Iterator[Fault]:
    if draft.channel is Channel.FEED:
        if draft.address is not None:
            yield Fault(
                member="address", message="a feed has none: its reader fetches it; leave the address out"
            )
        return
    if draft.address is None:
        what = "the address of mail" if draft.channel is Channel.EMAIL else "the URL of the webhook"
        yield Fault(member="address", message=f"give {what}")
        return
    try:
        address(draft)
    except ValueError as error:
        yield Fault(member="address", message=str(error))


def _purpose(draft: SubscriptionDraft) -> Iterator[Fault]:
    if draft.declaration is not None and draft.channel is not Channel.EMAIL:
        yield Fault(
            member="declaration",
            message="a declaration is for an address of mail; a webhook is confirmed when it answers a test with 2xx",
        )
    if draft.purpose is not SubscriptionPurpose.CONTRACT:
        return
    if draft.channel is Channel.FEED:
        yield Fault(
            member="purpose",
            message="a notice must be sent to the client, and a feed waits to be fetched: give an e-mail address or"
            " a webhook, or make the feed one of news",
        )
    for name in ("services", "countries", "categories", "kinds"):
        if getattr(draft, name):
            yield Fault(
                member=name,
                message="a filter could hide a notice that the contract promises: what touches the client follows"
                " from its terms. Leave it out, or make this a subscription to news",
            )
