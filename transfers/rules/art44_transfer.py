"""Article 44: whether it is a transfer to a third country or an international organisation at all.

The criteria are those of EDPB Guidelines 05/2021: an exporter under the regime, another controller
or processor that receives or reaches the data, and an importer outside the territory, whether or
not it is itself under the GDPR.
"""

from typing import Final

from transfers import codes
from transfers.case import Case
from transfers.findings import Finding
from transfers.ladder import FAILS, FAILS_ARGUABLY, HOLDS, HOLDS_ARGUABLY, Rung
from transfers.standing import EU_INSTITUTION, INTRA_EEA, SAYS, Slice
from transfers.statements import Book, informs, supports, warns
from transfers.vocabulary import Access, ImporterKind, Regime, Role, Verdict

EXPORTER_OUTSIDE: Final = supports(
    "exporter_not_subject_to_gdpr", "44", "The exporter is not subject to the regime for this processing."
)
SAME_CONTROLLER: Final = supports(
    "same_controller", "44", "Branch, employee and exporter are one entity: nothing is disclosed to another."
)
THIRD_COUNTRY_RISK: Final = warns(
    "art32_third_country_risk", "32", "Access from a third country is a risk that Article 32 asks to be met."
)
FOREIGN_LAW: Final = warns(
    "art28_third_country_law",
    "28(1)",
    "A processor inside that a third country's law or list reaches: Article 28(1) asks for guarantees "
    "against orders from there (EDPB Guidelines 05/2021, example 12).",
)
ORGANISATION: Final = informs(
    "international_organisation",
    "44",
    "The importer is an international organisation: Chapter V applies wherever it is seated.",
)
REMOTE_ACCESS: Final = informs(
    "remote_access_is_transfer", "44", "Data that can be reached from there are made available there."
)
ALIAS: Final = informs(
    "alias_code_mapped", "44", "The code is reserved or withdrawn and was read as the one it stands for."
)
UNION_BODY: Final = informs(
    "eu_institution",
    "44",
    "An institution or body of the Union: under UK law a destination of its own, under Swiss law its country decides.",
)
SEVERAL: Final = informs(
    "alias_code_mapped",
    "44",
    "The code was withdrawn and several took its place; which is meant is not said.",
)
EXTENDED: Final = informs("national_extension", "44", "{0.event}: the same national law on both sides.")


_SEVERAL: Final = frozenset(
    code for code in codes.KNOWN if codes.canonical(code) == code and codes.countries()[code].became
)
"""Withdrawn codes that became several."""


def transfer(case: Case) -> Rung:
    """Article 44: the rung ``no_transfer`` holds where a criterion fails.

    It is disputed where the territory's standing is, and fails where there is a transfer.
    """
    importer = case.importer
    plain = importer.subdivision is None and importer.country == case.key and case.key not in _SEVERAL
    findings: list[Finding] = [] if plain else _how_read(case)
    if not case.exporter.subject_to_regime and case.facts.onward_from is None:
        findings.append(EXPORTER_OUTSIDE.under(case.book))
        return Rung(Verdict.NO_TRANSFER, HOLDS, findings)
    if importer.same_legal_entity:
        return _same_entity(case, findings)
    if importer.kind is ImporterKind.EU_INSTITUTION:
        _union_body(case, findings)
    if case.is_organisation:
        findings.append(ORGANISATION.under(case.book))
        return _transfer(case, findings, FAILS)
    place = case.place
    if place.inside == HOLDS:
        return _inside(case, place, findings)
    findings.extend(place.findings)
    state = FAILS if place.inside == FAILS else _disputed(case, place, findings)
    return _transfer(case, findings, state)


def _union_body(case: Case, findings: list[Finding]) -> None:
    """Regulation (EU) 2018/1725 binds them, so under EU law nothing leaves the territory."""
    if case.book is not Book.CH_FADP:
        case.place = case.law.standing(case.asked, "EU").on(case.day)
    if case.book in {Book.UK_GDPR, Book.CH_FADP}:
        findings.append(UNION_BODY.under(case.book))


def _same_entity(case: Case, findings: list[Finding]) -> Rung:
    """A trip or branch abroad is no transfer (example 8), though Article 32 still asks for care."""
    findings.append(SAME_CONTROLLER.under(case.book))
    if case.place.inside != HOLDS:
        findings.append(THIRD_COUNTRY_RISK.under(case.book))
    return Rung(Verdict.NO_TRANSFER, HOLDS, findings)


def _inside(case: Case, place: Slice, findings: list[Finding]) -> Rung:
    findings.extend(place.findings)
    if case.regime is Regime.EU_GDPR and place.findings[0].code != EU_INSTITUTION.code:
        home = case.law.standing(Regime.EU_GDPR, codes.canonical(case.exporter.country)).on(case.day)
        if home.inside == HOLDS:
            findings.append(INTRA_EEA.under(case.book))
            own = {finding.code for finding in place.findings}
            findings.extend(
                finding
                for finding in home.findings
                if finding.code == "eea_directive_still_applies" and finding.code not in own
            )
        if _under_foreign_law(case):
            findings.append(FOREIGN_LAW.under(case.book))
    return Rung(Verdict.NO_TRANSFER, HOLDS, findings)


def _under_foreign_law(case: Case) -> bool:
    """A third country's law binds the processor, or it stands on a third country's list."""
    importer = case.importer
    bound = importer.subject_to
    reached = bound.pipeda or bound.lgpd or bound.appi or bound.quebec_law_25 or importer.certifications
    return importer.role is Role.PROCESSOR and bool(reached)


def _disputed(case: Case, place: Slice, findings: list[Finding]) -> int:
    """How ``no_transfer`` stands in a disputed territory.

    Where national law binds on both sides, the record of that law says which reading is careful:
    a Norwegian exporter towards Svalbard normally has no restricted transfer.
    """
    state = place.inside
    findings.extend(place.doubts)
    home = codes.canonical(case.exporter.country)
    for extension in place.extensions:
        if home in extension.exporters:
            findings.append(case.law.cite(EXTENDED, case.book, extension))
            if extension.careful_reading == "holds" and state == FAILS_ARGUABLY:
                state = HOLDS_ARGUABLY
    return state


def _transfer(case: Case, findings: list[Finding], state: int) -> Rung:
    if case.facts.access is Access.REMOTE_ACCESS:
        findings.append(REMOTE_ACCESS.under(case.book))
    return Rung(Verdict.NO_TRANSFER, state, findings)


def _how_read(case: Case) -> list[Finding]:
    """What the written code and subdivision say about the place."""
    importer = case.importer
    country = importer.country
    findings: list[Finding] = []
    subdivision = importer.subdivision
    if codes.canonical(country) != country:
        findings.append(ALIAS.under(case.book))
        subdivision = subdivision or codes.countries()[country].subdivision
    elif country in _SEVERAL:
        findings.append(SEVERAL.under(case.book))
    if subdivision is not None:
        findings.extend(SAYS[code].under(case.book) for code in case.law.regions.get(subdivision, ()))
    return findings
