"""The closed words of the law engine, as they stand on the wire."""

from enum import StrEnum


class Word(StrEnum):
    """A word of a closed vocabulary; hashes as its text, which is many times faster than an enum's own."""

    __hash__ = str.__hash__


class Regime(Word):
    """Whose rules on international transfers are asked about.

    ``eu_gdpr`` on a day before 2018-05-25 means Directive 95/46/EC.
    """

    EU_GDPR = "eu_gdpr"
    UK_GDPR = "uk_gdpr"
    CH_FADP = "ch_fadp"


class Verdict(Word):
    """What the engine says of one transfer on one day."""

    NO_TRANSFER = "no_transfer"
    COVERED_BY_ADEQUACY = "covered_by_adequacy"
    COVERED_BY_SAFEGUARD = "covered_by_safeguard"
    COVERED_BY_DEROGATION = "covered_by_derogation"
    NOT_COVERED = "not_covered"
    NEEDS_REVIEW = "needs_review"


class Level(Word):
    """What a finding does; ``warns`` and ``informs`` never change a verdict."""

    SUPPORTS = "supports"
    REFUSES = "refuses"
    WARNS = "warns"
    INFORMS = "informs"


class Access(Word):
    """Kept at the place, or reached from it; either is a transfer (EDPB Guidelines 05/2021)."""

    STORAGE = "storage"
    REMOTE_ACCESS = "remote_access"


class Role(Word):
    """Roles of Article 4(7) and (8), and Article 26."""

    CONTROLLER = "controller"
    JOINT_CONTROLLER = "joint_controller"
    PROCESSOR = "processor"


class ExporterKind(Word):
    """Public bodies may use tools that private ones may not, and the other way round."""

    PRIVATE = "private"
    PUBLIC = "public"


class ImporterKind(Word):
    """Who receives; an international organisation is never its host state."""

    PRIVATE = "private"
    PUBLIC = "public"
    INTERNATIONAL_ORGANISATION = "international_organisation"
    EU_INSTITUTION = "eu_institution"


class Area(Word):
    """A legal area that a country code hides."""

    SVALBARD = "svalbard"
    JAN_MAYEN = "jan_mayen"
    NORTHERN_CYPRUS = "northern_cyprus"
    OCCUPIED_TERRITORIES = "occupied_territories"


class Sector(Word):
    """The importer's sector, recorded only where a decision's scope turns on it."""

    AIRLINE = "airline"
    DANISH_STATE_AUTHORITY = "danish_state_authority"
    EDUCATION = "education"
    FINANCIAL_SERVICES = "financial_services"
    GOVERNMENT = "government"
    HEALTH = "health"
    LAW_ENFORCEMENT = "law_enforcement"
    NON_PROFIT = "non_profit"
    POLITICAL = "political"
    PRESS = "press"
    PRIVATE_EMPLOYER = "private_employer"
    RELIGIOUS = "religious"
    RETAIL = "retail"


class Purpose(Word):
    """The purpose of the processing, recorded only where a decision's scope turns on it."""

    ACADEMIC_RESEARCH = "academic_research"
    BILLING = "billing"
    CANDIDATE_NOMINATION = "candidate_nomination"
    CRIMINAL_INVESTIGATION = "criminal_investigation"
    JOURNALISM = "journalism"
    MISSIONARY = "missionary"
    RELIGIOUS_ACTIVITY = "religious_activity"


class BindingLaw(Word):
    """Laws that may bind an importer and so bring it into a decision's scope."""

    GDPR = "gdpr"
    PIPEDA = "pipeda"
    LGPD = "lgpd"
    APPI = "appi"
    QUEBEC_LAW_25 = "quebec_law_25"


class Framework(Word):
    """Lists on which an importer can be certified."""

    EU_US_DPF = "eu_us_dpf"
    UK_EXTENSION = "uk_extension"
    SWISS_US_DPF = "swiss_us_dpf"
    PRIVACY_SHIELD = "privacy_shield"
    SWISS_US_PRIVACY_SHIELD = "swiss_us_privacy_shield"
    SAFE_HARBOUR = "safe_harbour"
    APEC_CBPR = "apec_cbpr"


class CertificationStatus(Word):
    """The status a list shows on the day asked about; a re-certification under review is active."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ACTIVE_RECERTIFICATION_UNDER_REVIEW = "active_recertification_under_review"


class CoveredData(Word):
    """Which kind of data a list entry covers."""

    HR = "hr"
    NON_HR = "non_hr"


class ClauseSet(Word):
    """Sets of clauses by the number of the Commission's decision."""

    SET_2021_914 = "2021/914"
    SET_2010_87 = "2010/87"
    SET_2004_915 = "2004/915"
    SET_2002_16 = "2002/16"
    SET_2001_497 = "2001/497"
    SET_2021_915 = "2021/915"


class TiaOutcome(Word):
    """The result of a transfer impact assessment (Clause 14; EDPB Recommendations 01/2020)."""

    ADEQUATE = "adequate"
    ADEQUATE_WITH_MEASURES = "adequate_with_measures"
    INADEQUATE = "inadequate"


class BcrKind(Word):
    """BCR-C for a group's own data, BCR-P for data of outside controllers."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"


class ApprovedUnder(Word):
    """Whose authority approved binding corporate rules."""

    EU_GDPR = "eu_gdpr"
    UK_GDPR = "uk_gdpr"


class DerogationGround(Word):
    """The letters of Article 49(1), and its second subparagraph."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"
    E = "e"
    F = "f"
    G = "g"
    COMPELLING = "compelling"


class Upstream(Word):
    """The ground under which an onward exporter itself received the data."""

    SCC = "scc"
    EU_US_DPF = "eu_us_dpf"
    ADEQUACY = "adequacy"


SAFEGUARD_TYPES = (
    "scc",
    "bcr",
    "certification",
    "code_of_conduct",
    "ad_hoc_clauses",
    "administrative_arrangement",
    "public_instrument",
    "supervisory_authority_scc",
    "uk_idta",
    "uk_addendum",
    "derogation",
    "other",
)
"""The tags of the union of safeguards; each is a Struct in transfers/safeguards.py."""
