"""Headings of published lists, in the spellings that companies use."""

import re

from registry.resources.lists import Column, Heading

_WORD = re.compile(r"[^\W_]+")


SPELLINGS: dict[Column, tuple[str, ...]] = {
    Column.NAME: (
        "name", "entity name", "entity", "legal entity", "company", "company name", "provider",
        "provider name", "service provider", "subprocessor", "sub-processor", "sub processor",
        "subprocessors", "sub-processors", "subprocessor name", "sub-processor name",
        "name of subprocessor", "name of sub-processor", "third-party subprocessor",
        "third party sub-processor", "third party", "sub-processor / affiliate", "vendor", "vendor name",
        "supplier", "party name", "party", "processor", "organisation", "organization", "subcontractor",
        "sub-contractor", "third party service", "Unterauftragnehmer", "Subunternehmer",
        "Unterauftragsverarbeiter", "Auftragsverarbeiter", "Dienstleister", "Anbieter", "Firma",
        "Unternehmen", "Sous-traitant", "Sous-traitant ultérieur", "Prestataire", "업체명", "수탁자", "수탁업체",
        "업체",
    ),
    Column.PURPOSE: (
        "purpose", "purposes", "purpose of processing", "purpose of subprocessing", "processing purpose",
        "description", "processing activities", "subprocessing activities", "description of activities",
        "activities", "activity", "service provided", "services provided", "description of services",
        "nature of processing", "nature and purpose", "subject matter", "subject of the assignment",
        "function", "use", "usage", "purpose / categories of data processed", "what they do", "Aufgabe",
        "Aufgaben", "Zweck", "Zweck der Verarbeitung", "Titel der Aufgabe", "Leistung", "Tätigkeit",
        "Finalité", "Finalités", "Objet", "위탁 업무", "위탁 업무 내용", "목적",
    ),
    Column.DATA: (
        "data", "data processed", "data categories", "categories of data", "categories of personal data",
        "personal data", "personal data disclosed", "personal data processed", "customer data involved",
        "customer data", "types of data", "type of data", "data types", "data type", "data shared",
        "Datenkategorien", "Daten", "Données", "Catégories de données", "이전 항목", "위탁 항목",
    ),
    Column.PLACE: (
        "location", "locations", "place", "places", "country", "countries", "region", "regions",
        "location of processing", "processing location", "processing locations", "place of processing",
        "country of processing", "processing country", "location heading", "location of subprocessors",
        "location of sub-processors", "subprocessor location", "sub-processor location",
        "geographic location", "location of data", "where", "Standort", "Ort", "Land", "Verarbeitungsort",
        "Ort der Verarbeitung", "Lieu", "Pays", "Lieu du traitement", "Localisation", "이전 국가", "국가", "위치",
    ),
    Column.STORAGE_PLACE: (
        "hosting location", "hosting region", "server location", "server locations", "data location",
        "data center location", "data centre location", "data storage location", "storage location",
        "data residency", "Serverstandort", "Hosting-Standort", "Lieu d'hébergement",
    ),
    Column.CORPORATE_PLACE: (
        "headquarters", "hq", "corporate location", "entity country", "entity location", "company location",
        "company country", "country of incorporation", "country of establishment", "registered office",
        "jurisdiction", "Sitz", "Firmensitz", "Siège", "Siège social",
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
        "Schutzniveau", "Garantien", "Transfermechanismus", "Mécanisme de transfert",
    ),
    Column.WEBSITE: (
        "website", "web site", "url", "link", "homepage", "Webseite", "Site web",
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
        "Remarques", "보유 기간", "비고",
    ),
}  # fmt: skip


def folded(heading: str) -> str:
    """A heading as it is compared: its words in lower case, without marks."""
    return " ".join(_WORD.findall(heading.replace("'", "").replace("’", "").casefold()))


KNOWN: dict[str, Column] = {folded(text): column for column, texts in SPELLINGS.items() for text in texts}


def recognise(texts: list[str], mapping: dict[str, Column]) -> list[Heading]:
    """Which column each heading is; `mapping` (folded heading to column) goes before what we know.

    Where a list has no purpose, its "Service" says what is done; where it has no place of processing, the
    place of the entity is the only one that it gives.
    """
    columns = [mapping.get(folded(text)) or _known(folded(text)) for text in texts]
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


def _known(heading: str) -> Column | None:
    """The column of a heading that is known, also behind words of the company's own ("Acme Product or Service")."""
    words = heading.split()
    if heading in KNOWN:
        return KNOWN[heading]
    endings = (" ".join(words[start:]) for start in range(1, len(words) - 1))
    return next((KNOWN[ending] for ending in endings if ending in KNOWN), None)
