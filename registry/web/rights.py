"""Who may do what: the one table of rights, by operation.

``public`` among the roles means that no key is needed; then every role may. A test walks
all routes and finds each of them here.
"""

from typing import NoReturn

from registry.errors import ForbiddenError, UnauthenticatedError
from registry.resources.actors import Actor, Role

EVERYONE = frozenset(Role)
KEYED = EVERYONE - {Role.PUBLIC}
STAFF = frozenset({Role.PROCUREMENT, Role.PRIVACY, Role.AUDITOR, Role.ADMIN})
DRAFTERS = frozenset({Role.PROCUREMENT, Role.PRIVACY, Role.ADMIN})
PUBLISHERS = frozenset({Role.PRIVACY, Role.ADMIN})
CONTRACTS = STAFF | {Role.CONTRACTS}
ADMINS = frozenset({Role.ADMIN})
CLIENTS = frozenset({Role.CLIENT})
OF_CLIENTS = CONTRACTS | CLIENTS
INSTRUCTORS = PUBLISHERS | CLIENTS
"""A client instructs and authorises itself; colleagues record what reached them on paper."""

TELLERS = INSTRUCTORS | {Role.AUDITOR}
"""Who sees addresses: the client whose they are, and those who have to do with them."""

RIGHTS: dict[str, frozenset[Role]] = {
    # Operating it.
    "getHealth": EVERYONE,
    "getContract": EVERYONE,
    "getDocs": EVERYONE,
    "getDocsAsset": EVERYONE,
    # Pages and feeds.
    "getListPage": EVERYONE,
    "getDatedListPage": EVERYONE,
    "getSubProcessorPage": EVERYONE,
    "getChangePage": EVERYONE,
    "getStaticFile": EVERYONE,
    "getFeedsPage": EVERYONE,
    "getSubscribePage": EVERYONE,
    "subscribeByPage": EVERYONE,
    # The pages behind the links of mails: the token in the address is the key.
    "getConfirmPage": EVERYONE,
    "confirmByLink": EVERYONE,
    "getUnsubscribePage": EVERYONE,
    "unsubscribeByLink": EVERYONE,
    "getAcknowledgePage": EVERYONE,
    "acknowledgeByLink": EVERYONE,
    "getObjectPage": EVERYONE,
    "objectByLink": EVERYONE,
    "getChangesRss": EVERYONE,
    "getChangesAtom": EVERYONE,
    "getChangesJsonFeed": EVERYONE,
    "getArchivedChangesRss": EVERYONE,
    "getArchivedChangesAtom": EVERYONE,
    "getArchivedChangesJsonFeed": EVERYONE,
    "getDeadlines": EVERYONE,
    # Known by their addresses: the token in them is the key.
    "getOwnChangesRss": EVERYONE,
    "getOwnChangesAtom": EVERYONE,
    "getOwnChangesJsonFeed": EVERYONE,
    "getOwnDeadlines": EVERYONE,
    # The law.
    "assess": EVERYONE,
    "assessBatch": EVERYONE,
    "assessThroughTime": EVERYONE,
    "simulate": EVERYONE,  # Over facts that are sent; over the register it is for those who may read transfers.
    "getLaw": EVERYONE,
    "listTerritories": EVERYONE,
    "getTerritory": EVERYONE,
    "listAdequacyDecisions": EVERYONE,
    "listMechanisms": EVERYONE,
    "readPlace": EVERYONE,
    # The register.
    "addOrganisation": DRAFTERS,
    "listOrganisations": STAFF,
    "getOrganisation": STAFF,
    "alterOrganisation": DRAFTERS,
    "addService": DRAFTERS,
    "listServices": EVERYONE,
    "getService": EVERYONE,
    "renameService": PUBLISHERS,
    "addSubProcessor": DRAFTERS,
    "listSubProcessors": EVERYONE,
    "getSubProcessor": EVERYONE,
    "getTerms": STAFF,
    "listTransfers": OF_CLIENTS,
    "getTransfer": OF_CLIENTS,
    "getTransferTimeline": OF_CLIENTS,
    "listSafeguards": CONTRACTS,
    "listAttention": STAFF,
    "readJournal": frozenset({Role.AUDITOR, Role.PRIVACY, Role.ADMIN}),
    # Its changes.
    "draftChange": DRAFTERS,
    "listChanges": EVERYONE,
    "listDrafts": STAFF,
    "getChange": EVERYONE,
    "editDraft": DRAFTERS,
    "discardDraft": DRAFTERS,
    "reviewChange": STAFF,
    "publishChange": PUBLISHERS,
    "withdrawChange": DRAFTERS,
    "postponeChange": DRAFTERS,
    # Lists as companies publish them.
    "importList": DRAFTERS,
    "listImports": STAFF,
    "getImport": STAFF,
    "watchList": DRAFTERS,
    "listWatched": STAFF,
    "getWatched": STAFF,
    "unwatchList": DRAFTERS,
    "lookAtWatched": DRAFTERS,
    "exportCsv": EVERYONE,
    "exportXlsx": EVERYONE,
    "exportJson": EVERYONE,
    "exportMarkdown": EVERYONE,
    # Clients: a key that is bound to one sees that one alone.
    "addClient": ADMINS,
    "listClients": OF_CLIENTS,
    "getClient": OF_CLIENTS,
    "alterClient": ADMINS,
    "endClient": ADMINS,
    "listInstructions": OF_CLIENTS,
    "addInstruction": INSTRUCTORS,
    "getInstruction": OF_CLIENTS,
    "endInstruction": INSTRUCTORS,
    "getClientSubProcessors": OF_CLIENTS,
    "getClientSafeguards": OF_CLIENTS,
    "listOptions": OF_CLIENTS,
    "getOption": OF_CLIENTS,
    "switchOption": CLIENTS,
    "listAuthorisations": OF_CLIENTS,
    "authoriseChange": INSTRUCTORS,
    # Notices: who is told, of what, and whether it arrived.
    "createSubscription": EVERYONE,  # News by mail, as the public; a client's channels are checked by whose they are.
    "listSubscriptions": TELLERS,
    "getSubscription": TELLERS,
    "alterSubscription": INSTRUCTORS,
    "endSubscription": INSTRUCTORS,
    "rotateSubscription": INSTRUCTORS,
    "confirmSubscription": INSTRUCTORS,
    "listNotices": STAFF | CLIENTS,
    "listNoticesOfChange": STAFF,
    "recordTelling": PUBLISHERS,
    "listDeliveries": TELLERS,
    "getDelivery": TELLERS,
    "replayDelivery": INSTRUCTORS,
    "acknowledgeDelivery": INSTRUCTORS,
    "objectToChange": INSTRUCTORS,
    "listObjectionsToChange": STAFF | CLIENTS,
    "listObjections": STAFF | CLIENTS,
    "getObjection": STAFF | CLIENTS,
    "resolveObjection": PUBLISHERS,
    "retractObjection": INSTRUCTORS,
    "goOnAgainstObjection": PUBLISHERS,
    # Access keys.
    "getMe": KEYED,
    "createAccessKey": ADMINS,
    "listAccessKeys": ADMINS,
    "getAccessKey": ADMINS,
    "revokeAccessKey": ADMINS,
}


OF_ITS_OWN: frozenset[str] = frozenset(
    {
        "getMe",
        "listClients",
        "listTransfers",
        "getTransfer",
        "getTransferTimeline",
        "listSubscriptions",
        "getSubscription",
        "alterSubscription",
        "endSubscription",
        "rotateSubscription",
        "confirmSubscription",
        "listNotices",
        "listDeliveries",
        "getDelivery",
        "replayDelivery",
        "acknowledgeDelivery",
        "objectToChange",
        "listObjectionsToChange",
        "listObjections",
        "getObjection",
        "retractObjection",
    }
)
"""Operations without a client in their path that answer a client's key for that client alone.

Everything else that is not public, and has no `client_id` in its path, is refused to a key that is bound to a
client: a new operation stays closed to clients until somebody has thought of them.
"""


def of_its_own(actor: Actor, operation: str, *, names_client: bool) -> bool:
    """Whether a key that may do this by its role may do it as the client's that it is."""
    return (
        actor.client_id is None or names_client or Role.PUBLIC in RIGHTS[operation] or operation in OF_ITS_OWN
    )


def require(actor: Actor, operation: str) -> None:
    """Let only those pass who may do this, wherever they ask from."""
    if actor.role not in RIGHTS[operation]:
        refuse(actor, RIGHTS[operation])


def refuse_bound(actor: Actor) -> NoReturn:
    """Say to a client's key that this is about more than its client."""
    raise ForbiddenError(
        f"The key of {actor.holder} is bound to one client, and this is not about that client alone."
        f" Ask what is under /v1/clients/{actor.client_id}/, or an admin for a key that is not bound."
    )


def refuse(actor: Actor, may: frozenset[Role]) -> NoReturn:
    """Say who may: ``UnauthenticatedError`` to the public, ``ForbiddenError`` to a key of another role."""
    roles = ", ".join(sorted(may))
    if actor.role is Role.PUBLIC:
        raise UnauthenticatedError(
            f"This needs an access key of the role {roles}: send it as `Authorization: Bearer onw_…`."
            " An admin makes keys with `onward keys create`."
        )
    raise ForbiddenError(
        f"The key of {actor.holder} has the role {actor.role}, which may not do this; {roles} may."
        " Ask one of them, or an admin for another key."
    )
