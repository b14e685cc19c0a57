"""Headings of published lists, in the spellings that companies use."""

import re
from collections.abc import Mapping, Sequence

from registry.resources.lists import Column, Heading

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_PLURAL = re.compile(r"(?<=\w)(?:\((?:s|es|ies|n|en|e|er)\)|/(?:ies|es|s)\b)", re.IGNORECASE)
HEADING_MAX = 200
"""Characters; what is longer is no heading, and is not compared with any."""

SPELLINGS: dict[Column, tuple[str, ...]] = {
    Column.NAME: (
        "name", "entity name", "entity", "legal entity", "company", "company name", "provider",
        "provider name", "service provider", "subprocessor", "sub-processor", "sub processor",
        "subprocessors", "sub-processors", "subprocessor name", "sub-processor name",
        "name of subprocessor", "name of sub-processor", "third-party subprocessor",
        "third party sub-processor", "third party", "sub-processor / affiliate", "vendor", "vendor name",
        "supplier", "party name", "party", "processor", "organisation", "organization", "subcontractor",
        "sub-contractor", "third party service", "legal name", "legal entity name", "full legal name",
        "entity legal name", "legal entity name and address", "name and address", "sub-processor entity",
        "subprocessor entity", "sub-processing entity", "service provider name", "third party name",
        "data importer", "importer", "supplier name", "authorised sub-processor", "authorized subprocessor", "partner",
        "Unterauftragnehmer", "Subunternehmer", "Unterauftragsverarbeiter", "Auftragsverarbeiter",
        "Subauftragsverarbeiter", "Sub-Auftragsverarbeiter", "Weiterer Auftragsverarbeiter", "Dienstleister",
        "Anbieter", "Firma", "Unternehmen", "Name des Unterauftragnehmers", "Name des Unternehmens",
        "Name und Anschrift", "Firma und Anschrift", "Sous-traitant", "Sous-traitants",
        "Sous-traitant ultérieur", "Sous-traitants ultérieurs", "Nom du sous-traitant", "Nom", "Entité",
        "Nom de l'entité", "Raison sociale", "Société", "Prestataire", "Fournisseur", "업체명", "수탁자", "수탁업체",
        "업체", "수탁자명",
        "Subencargado", "Subencargados", "Encargado", "Proveedor", "Nombre", "Empresa", "Entidad",
        "Sub-responsabile", "Subresponsabile", "Sub-responsabili", "Responsabile", "Fornitore", "Nome", "Società",
        "Subverwerker", "Subverwerkers", "Sub-verwerker", "Verwerker", "Leverancier", "Naam", "Bedrijf",
        "수탁 업체", "수탁 업체명", "회사명", "재수탁자", "재수탁 업체", "이전받는 자",
    ),
    Column.PURPOSE: (
        "purpose", "purposes", "purpose of processing", "purpose of subprocessing", "processing purpose",
        "description", "processing activities", "subprocessing activities", "description of activities",
        "activities", "activity", "service provided", "services provided", "description of services",
        "nature of processing", "nature and purpose", "subject matter", "subject of the assignment",
        "function", "use", "usage", "purpose / categories of data processed", "what they do",
        "purpose of use", "purpose of engagement", "description of processing", "processing details",
        "description of service", "description of services provided", "reason", "Aufgabe", "Aufgaben", "Zweck",
        "Zwecke", "Zweck der Verarbeitung", "Verarbeitungszweck", "Titel der Aufgabe", "Leistung",
        "Leistungen", "Leistungsbeschreibung", "Art der Leistung", "Gegenstand", "Gegenstand der Verarbeitung",
        "Beschreibung", "Beschreibung der Leistung", "Verarbeitungstätigkeit", "Tätigkeit", "Einsatzzweck",
        "Verwendungszweck", "Finalité", "Finalités", "Finalité du traitement", "Finalités du traitement",
        "Objet", "Objet du traitement", "Activité", "Activités", "Description des services",
        "Nature du traitement", "위탁 업무",
        "위탁업무", "위탁 업무 내용", "위탁업무 내용", "위탁하는 업무의 내용", "목적",
        "이용 목적", "처리 목적", "이전 목적",
        "Finalidad", "Finalidades", "Finalidad del tratamiento", "Descripción", "Propósito", "Actividad",
        "Finalità", "Finalità del trattamento", "Scopo", "Attività", "Descrizione", "Doel", "Doeleinde",
        "Doel van de verwerking", "Omschrijving", "Beschrijving", "Werkzaamheden",
    ),
    Column.DATA: (
        "data", "data processed", "data categories", "categories of data", "categories of personal data",
        "personal data", "personal data disclosed", "personal data processed", "customer data involved",
        "customer data", "types of data", "type of data", "data types", "data type", "data shared",
        "personal data shared", "types of personal data", "type of personal data", "data categories processed",
        "customer personal data", "affected data", "Datenkategorien", "Datenkategorie", "Daten", "Datenarten",
        "Art der Daten", "Kategorien personenbezogener Daten", "Kategorien von Daten", "Verarbeitete Daten",
        "Betroffene Daten", "Données", "Données traitées", "Données personnelles", "Catégories de données",
        "Catégories de données personnelles", "Types de données", "이전 항목", "위탁 항목", "개인정보 항목",
        "처리 항목", "이전되는 개인정보 항목",
        "Datos", "Datos personales", "Categorías de datos", "Tipos de datos", "Dati", "Dati personali",
        "Categorie di dati", "Tipi di dati", "Gegevens", "Persoonsgegevens", "Soort gegevens",
        "Categorieën persoonsgegevens",
    ),
    Column.PLACE: (
        "location", "locations", "place", "places", "country", "countries", "region", "regions",
        "location of processing", "processing location", "processing locations", "place of processing",
        "country of processing", "processing country", "location heading", "location of subprocessors",
        "location of sub-processors", "subprocessor location", "sub-processor location",
        "geographic location", "location of data", "where", "country of data processing", "data processing location",
        "location of data processing", "location(s) of processing", "processing region", "geography",
        "processing country/region", "Standort", "Standorte", "Ort", "Land", "Länder", "Verarbeitungsort",
        "Verarbeitungsland", "Ort der Verarbeitung", "Ort der Datenverarbeitung", "Ort der Leistungserbringung",
        "Land der Verarbeitung", "Region", "Lieu", "Lieux", "Pays", "Lieu du traitement", "Lieu de traitement",
        "Pays de traitement", "Pays du traitement", "Localisation", "Localisation du traitement",
        "Localisation des données", "Région", "이전 국가", "국가", "위치", "처리 국가", "이전되는 국가", "소재 국가",
        "처리 위치", "País", "Países", "Ubicación", "País de tratamiento", "Lugar de tratamiento", "Paese", "Paesi",
        "Luogo", "Ubicazione", "Luogo del trattamento", "Paese di trattamento", "Locatie", "Locaties", "Landen",
        "Plaats", "Plaats van verwerking", "Land van verwerking", "territory", "territories",
    ),
    Column.STORAGE_PLACE: (
        "hosting location", "hosting region", "server location", "server locations", "data location",
        "data center location", "data centre location", "data storage location", "storage location",
        "data residency", "hosting country", "location of data storage", "storage region", "Serverstandort",
        "Serverstandorte", "Hosting-Standort", "Speicherort", "Ort der Speicherung", "Lieu d'hébergement",
        "Localisation de l'hébergement", "Lieu de stockage", "Pays d'hébergement",
        "보관 국가", "저장 위치", "서버 위치",
    ),
    Column.CORPORATE_PLACE: (
        "headquarters", "hq", "corporate location", "entity country", "entity location", "company location",
        "company country", "country of incorporation", "country of establishment", "registered office",
        "jurisdiction", "country of registration", "registered country", "place of establishment",
        "place of incorporation", "registered address", "corporate headquarters", "Sitz", "Firmensitz",
        "Unternehmenssitz", "Sitz des Unternehmens", "Sitzland", "Hauptsitz", "Siège", "Siège social",
        "Pays du siège", "Pays d'établissement", "본사", "본사 소재지", "소재지",
        "domicile", "seat", "head office", "registered seat", "Domicilio social", "Sede", "Sede social", "Sede legale",
        "Vestigingsland", "Vestigingsplaats", "Hoofdkantoor", "Zetel",
    ),
    Column.PRODUCT: (
        "product", "products", "applicable product", "applicable products", "product or service",
        "products or services", "applicable service", "applicable services", "Produkt", "Produkte",
        "Produit", "제품",
    ),
    Column.SERVICE: (
        "service", "services", "Dienst", "Dienstleistung",
    ),
    Column.SECTION: (
        "_section", "section", "page", "Abschnitt",
    ),
    Column.STATUS: (
        "status", "current status", "Statut", "État", "상태",
    ),
    Column.ADDED_ON: (
        "Fecha de alta", "Data di aggiunta", "Toegevoegd op",
        "added on", "added", "date added", "addition date", "date of addition", "listed since", "listed on",
        "date listed", "announced", "announced on", "published on", "notice date", "date of notice",
        "hinzugefügt am", "Hinzugefügt", "aufgenommen am", "Ajouté le", "Date d'ajout", "추가일", "등록일",
    ),
    Column.EFFECTIVE_ON: (
        "effective from", "effective on", "effective date", "effective", "effective as of", "start date",
        "in use since", "used since", "since", "active since", "engaged since", "engaged on", "date engaged",
        "go-live", "valid from", "from", "gültig ab", "wirksam ab", "in Kraft ab", "seit", "ab", "Eingesetzt seit",
        "Beginn", "Effectif le", "Date d'effet", "Depuis", "En vigueur le", "Date de début", "시행일", "적용일",
        "위탁 시작일",
    ),
    Column.REMOVED_ON: (
        "removed on", "removed", "date removed", "removal date", "end date", "ended on", "until", "valid until",
        "discontinued on", "entfernt am", "Entfernt", "beendet am", "Ende", "bis", "gültig bis", "Retiré le",
        "Supprimé le", "Date de retrait", "Date de fin", "종료일", "삭제일",
    ),
    Column.TYPE: (
        "type", "category", "subprocessor type", "sub-processor type", "Kategorie", "Catégorie", "Typ",
    ),
    Column.OPTIONAL: (
        "optional", "is optional", "opt-in",
    ),
    Column.TRANSFER: (
        "transfer mechanism", "transfer mechanisms", "mechanism", "transfer safeguards", "safeguards",
        "appropriate safeguards", "appropriate safeguards for transfers", "legal basis for transfer",
        "transfer basis", "protection of third country transfer", "level of protection",
        "international transfer", "transfers", "Schutz Drittstaatentransfer", "Schutz-Level",
        "Schutzniveau", "Garantien", "Transfermechanismus", "safeguard", "data transfer mechanism",
        "international transfer mechanism", "cross-border transfer mechanism", "legal transfer mechanism",
        "lawful transfer mechanism", "transfer tool", "transfer instrument", "transfer safeguard",
        "safeguards for transfers", "third country transfer", "third country transfers", "legal basis",
        "Geeignete Garantien", "Rechtsgrundlage", "Rechtsgrundlage der Übermittlung",
        "Rechtsgrundlage Drittlandtransfer", "Drittlandtransfer", "Drittlandübermittlung", "Übermittlungsgrundlage",
        "Mécanisme de transfert", "Garanties", "Garanties appropriées", "Base légale du transfert",
        "Transfert hors UE", "Encadrement du transfert",
        "transfer", "data transfer", "Transfert", "Transferencia", "Transferencia internacional", "Garantías",
        "Trasferimento", "Trasferimento extra UE", "Garanzie", "Garanzie adeguate", "Doorgifte", "Doorgifte-instrument",
        "Waarborgen", "Passende waarborgen", "Doorgiftemechanisme",
        "이전 근거", "국외 이전 근거", "보호조치", "안전조치",
    ),
    Column.WEBSITE: (
        "website", "web site", "url", "link", "homepage", "website url", "Webseite", "Internetseite", "Site web",
        "Site internet", "웹사이트", "홈페이지",
    ),
    Column.DPA: (
        "dpa", "data processing agreement", "dpa link", "link to dpa", "agreement", "AVV", "privacy",
    ),
    Column.SUB_PROCESSORS: (
        "their sub-processors", "their subprocessors", "sub-subprocessors", "sub-sub-processors",
    ),
    Column.NOTES: (
        "notes", "note", "additional details", "additional information", "details", "comment", "comments",
        "remarks", "privacy strategy", "datenschutz-strategie", "Bemerkung", "Bemerkungen", "Hinweis",
        "Remarques", "Anmerkung", "Anmerkungen", "Zusätzliche Informationen", "Commentaire", "Commentaires",
        "보유 기간",
        "비고",
    ),
}  # fmt: skip


def folded(heading: str) -> str:
    """A heading as it is compared: its words in lower case, without marks; "dataCategories" is two words.

    A plural in brackets is set aside: "location(s)" is "location".
    """
    apart = _CAMEL.sub(" ", _PLURAL.sub("", heading).replace("'", "").replace("’", ""))
    return " ".join(_WORD.findall(apart.casefold()))


KNOWN: dict[str, Column] = {folded(text): column for column, texts in SPELLINGS.items() for text in texts}
_TOGETHER: dict[str, Column] = {text.replace(" ", ""): column for text, column in KNOWN.items()}
"""The same without spaces, which Korean sets or leaves out."""


def number_of(column: int) -> str:
    """What a column is called beside its heading, and mapped by; `column` counts from 0."""
    return f"column {column + 1}"


def recognise(texts: Sequence[str], mapping: Mapping[str, Column]) -> list[Heading]:
    """Which column each heading is; `mapping` (folded heading to column) goes before what we know.

    Where a list has no purpose, its "Service" says what is done; where it has no place of processing, the
    place of the entity is the only one that it gives. What is known by its words alone gives way to a heading that
    somebody mapped to the same column.
    """
    given = [mapping.get(folded(text)) for text in texts]
    return _recognised(texts, given)


def renamed(headings: Sequence[Heading], mapping: Mapping[str, Column]) -> list[Heading]:
    """The headings with what is mapped by number ("column 2") taken so, whatever stands there."""
    given = [
        mapping.get(number_of(at), mapping.get(folded(heading.text))) for at, heading in enumerate(headings)
    ]
    return _recognised([heading.text for heading in headings], given)


def displaced(headings: Sequence[Heading], mapping: Mapping[str, Column]) -> list[Heading]:
    """Headings that are not read although they are known, because another is mapped to their column."""
    chosen = set(mapping.values())
    return [
        heading
        for at, heading in enumerate(headings)
        if heading.column is None
        and number_of(at) not in mapping
        and folded(heading.text) not in mapping
        and _column(heading.text) in chosen
    ]


def _recognised(texts: Sequence[str], given: Sequence[Column | None]) -> list[Heading]:
    columns = list(given)
    for index, text in enumerate(texts):
        known = _column(text) if given[index] is None else None
        if known is not None and known not in given:
            columns[index] = known
    stand_ins = {}
    for wanted, substitute, column in (
        ({Column.PURPOSE}, Column.SERVICE, Column.PURPOSE),
        ({Column.PLACE, Column.STORAGE_PLACE}, Column.CORPORATE_PLACE, Column.PLACE),
    ):
        if substitute in columns and not wanted & set(columns):
            stand_ins[columns.index(substitute)] = column
    return [
        Heading(
            text=text,
            column=None if taken in (Column.IGNORE, Column.SERVICE) else taken,
            stands_in=index in stand_ins,
        )
        for index, text in enumerate(texts)
        for taken in [stand_ins.get(index, columns[index])]
    ]


def _column(text: str) -> Column | None:
    return _known(folded(text)) if len(text) <= HEADING_MAX else None


def _known(heading: str) -> Column | None:
    """The column of a heading that is known, also behind words of the company's own ("Acme Product or Service")."""
    words = heading.split()
    if heading in KNOWN:
        return KNOWN[heading]
    if (column := _TOGETHER.get(heading.replace(" ", ""))) is not None:
        return column
    endings = (" ".join(words[start:]) for start in range(1, len(words) - 1))
    return next((KNOWN[ending] for ending in endings if ending in KNOWN), None)
