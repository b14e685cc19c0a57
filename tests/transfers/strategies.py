"""Random facts, well-formed by construction, dense around the days on which the law turns."""

from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from transfers import codes
from transfers.facts import UNION, Facts
from transfers.law import Law
from transfers.safeguards import Derogation
from transfers.vocabulary import (
    ClauseSet,
    CoveredData,
    DerogationGround,
    Framework,
    ImporterKind,
    Purpose,
    Regime,
    Role,
    Sector,
    TiaOutcome,
    Upstream,
)

FIRST, LAST = date(1995, 1, 1), date(2035, 12, 31)
TELLING = (
    "US",
    "GB",
    "CA",
    "JP",
    "KR",
    "BR",
    "IL",
    "CH",
    "FO",
    "GI",
    "SJ",
    "NC",
    "IN",
    "DE",
    "NO",
    "YU",
    "PR",
)


DEROGATION_MEMBERS = tuple(member for member in Derogation.__struct_fields__ if member != "ground")


def days_around(law: Law) -> list[date]:
    """Return every day that a record names, with its neighbours."""
    named = {
        value
        for _, record in law.records.dated()
        for member in record.__struct_fields__
        if isinstance(value := getattr(record, member), date) and FIRST < value < LAST
    }
    return sorted({day + timedelta(days=step) for day in named for step in (-1, 0, 1)})


def days(law: Law) -> st.SearchStrategy[date]:
    return st.one_of(st.dates(FIRST, LAST), st.sampled_from(days_around(law)))


def _some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a body in which any member may be absent."""
    return st.fixed_dictionaries({}, optional=members)


KNOWN = st.booleans()
COUNTRIES = st.one_of(st.sampled_from(TELLING), st.sampled_from(sorted(codes.KNOWN)))
ROLES = st.sampled_from(list(Role))


def _tia(day: st.SearchStrategy[date]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"outcome": st.sampled_from(list(TiaOutcome))}, optional={"completed_on": day}
    )


def safeguards(law: Law) -> st.SearchStrategy[dict[str, Any]]:
    """Draw one safeguard of any type."""
    day = days(law)
    maybe = st.one_of(st.none(), day)
    tia = _tia(day)
    authorisation = st.fixed_dictionaries(
        {"option": st.integers(1, 2)},
        optional={
            "notice_days": st.integers(0, 60),
            "notice_sent_on": day,
            "objected_on": day,
            "authorised": KNOWN,
        },
    )
    module = st.integers(1, 4)
    members: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "scc": {
            "module": module,
            "concluded_on": maybe,
            "acceded_on": day,
            "docking_clause": KNOWN,
            "annexes_complete": KNOWN,
            "processing_unchanged": KNOWN,
            "clauses_modified": KNOWN,
            "swiss_adaptations": KNOWN,
            "sub_processor_authorisation": authorisation,
            "tia": tia,
        },
        "bcr": {
            "kind": st.sampled_from(["controller", "processor"]),
            "approved_under": st.sampled_from(["eu_gdpr", "uk_gdpr"]),
            "approved_on": maybe,
            "importer_bound_from": maybe,
            "ended_on": day,
            "updated_to_gdpr": KNOWN,
            "on_behalf_of_external_controller": KNOWN,
            "concluded_on": maybe,
            "tia": tia,
        },
        "certification": {
            "version": st.sampled_from(["v82_transfer", "v60"]),
            "valid_from": maybe,
            "binding_commitments": KNOWN,
            "tia": tia,
        },
        "code_of_conduct": {
            "transfer_tool": KNOWN,
            "general_validity": KNOWN,
            "binding_commitments": KNOWN,
            "tia": tia,
        },
        "ad_hoc_clauses": {"authorised_on": maybe, "tia": tia},
        "administrative_arrangement": {"authorised_on": maybe, "tia": tia},
        "public_instrument": {"in_force_from": maybe},
        "supervisory_authority_scc": {"commission_approved": KNOWN},
        "uk_idta": {"concluded_on": maybe, "tia": tia},
        "uk_addendum": {
            "concluded_on": maybe,
            "scc_set": st.sampled_from(list(ClauseSet)),
            "module": module,
            "tia": tia,
        },
        "derogation": dict.fromkeys(DEROGATION_MEMBERS, KNOWN),
        "other": {},
    }
    needed: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "scc": {"set": st.sampled_from(list(ClauseSet))},
        "certification": {"scheme": st.just("europrivacy")},
        "derogation": {"ground": st.sampled_from(list(DerogationGround))},
    }
    return st.sampled_from(sorted(members)).flatmap(
        lambda tag: st.fixed_dictionaries(
            {"type": st.just(tag), **needed.get(tag, {})}, optional=members[tag]
        )
    )


def _entries(law: Law) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"framework": st.sampled_from(list(Framework))},
        optional={
            "status": st.sampled_from(["active", "inactive", "active_recertification_under_review"]),
            "covers": st.lists(st.sampled_from(list(CoveredData)), max_size=2, unique=True),
            "names_importer": KNOWN,
            "valid_from": days(law),
            "valid_until": days(law),
        },
    )


def bodies(law: Law) -> st.SearchStrategy[dict[str, Any]]:
    """Draw the body of an assessment."""
    importer = st.fixed_dictionaries(
        {"country": COUNTRIES, "role": ROLES},
        optional={
            "kind": st.sampled_from(list(ImporterKind)),
            "organisation": st.sampled_from(["EPO", "WIPO"]),
            "sector": st.sampled_from(list(Sector)),
            "subject_to": _some(gdpr=KNOWN, pipeda=KNOWN, lgpd=KNOWN, appi=KNOWN, quebec_law_25=KNOWN),
            "certifications": st.lists(_entries(law), max_size=3),
            "same_legal_entity": st.just(False),
            "group_company": KNOWN,
            "is_exporters_controller": KNOWN,
        },
    )
    exporter = st.fixed_dictionaries(
        {"country": COUNTRIES.filter(lambda code: code != UNION), "role": ROLES},
        optional={
            "kind": st.sampled_from(["private", "public"]),
            "subject_to_regime": KNOWN,
            "exercises_public_powers": KNOWN,
            "group_company": KNOWN,
        },
    )
    data = _some(
        hr=KNOWN,
        special_categories=KNOWN,
        credit=KNOWN,
        immigration_control=KNOWN,
        automated_processing=KNOWN,
        purpose=st.sampled_from(list(Purpose)),
    )
    onward = st.fixed_dictionaries(
        {"upstream": st.sampled_from(list(Upstream))},
        optional={
            "contract": st.one_of(st.none(), KNOWN),
            "authorised": KNOWN,
            "module": st.integers(1, 4),
        },
    )
    return st.fixed_dictionaries(
        {"exporter": exporter, "importer": importer, "regime": st.sampled_from(list(Regime))},
        optional={
            "access": st.sampled_from(["storage", "remote_access"]),
            "data": data,
            "safeguards": st.lists(safeguards(law), max_size=3),
            "onward_from": onward,
        },
    )


def read(body: dict[str, Any]) -> Facts:
    """Decode a body as a request would be."""
    return msgspec.json.decode(msgspec.json.encode(body), type=Facts)
