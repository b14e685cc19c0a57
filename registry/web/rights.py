"""Who may do what: the one table of rights, by operation.

``public`` among the roles means that no key is needed; then every role may. A test walks
all routes and finds each of them here.
"""

from registry.resources.actors import Role

EVERYONE = frozenset(Role)
KEYED = EVERYONE - {Role.PUBLIC}
STAFF = frozenset({Role.PROCUREMENT, Role.PRIVACY, Role.AUDITOR, Role.ADMIN})
DRAFTERS = frozenset({Role.PROCUREMENT, Role.PRIVACY, Role.ADMIN})
PUBLISHERS = frozenset({Role.PRIVACY, Role.ADMIN})
CONTRACTS = STAFF | {Role.CONTRACTS}
ADMINS = frozenset({Role.ADMIN})

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
    "getChangesRss": EVERYONE,
    # The law.
    "assess": EVERYONE,
    # Access keys.
    "getMe": KEYED,
    "createAccessKey": ADMINS,
    "listAccessKeys": ADMINS,
    "getAccessKey": ADMINS,
    "revokeAccessKey": ADMINS,
}
