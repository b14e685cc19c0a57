"""What stands beside a name in its cell: numbers in registers, former names, and whose it is."""

import re

from msgspec import Struct

_LABEL = (
    r"(?:(?:company|corporate|business|commercial|trade)?\s*(?:registration|register|registry|registered|reg\.?)"
    r"(?:\s*(?:no\.?|nr\.?|number|num\.?|id|\#))?"
    r"|company\s*(?:no\.?|nr\.?|number|id|code)|business\s*(?:id|no\.?|number)"
    r"|crn|hr[ab]|rcs(?:\s+[A-Z][\w-]+)?(?:\s+[AB])?|r\.c\.s\.(?:\s+[A-Z][\w-]+)?|siren|siret"
    r"|kvk(?:[\s-]*(?:no\.?|nr\.?|nummer|number))?|cvr(?:[\s-]*(?:no\.?|nr\.?))?"
    r"|org(?:anisation)?\.?\s?(?:no\.?|nr\.?|nummer)"
    r"|abn|acn|uen|cin|ein|nzbn|nip|krs|regon|nif|cif|ico|ičo|oib|y-tunnus"
    r"|vat(?:\s*(?:id|reg\.?))?(?:\s*(?:no\.?|nr\.?|number))?|ust-?id(?:[\s-]*nr\.?)?|steuer-?nr\.?"
    r"|p\.?\s?iva|partita\s+iva"
    r"|handelsregister(?:nummer)?|사업자\s?등록\s?번호|法人番号)"
)
_NUMBER = r"(?:[A-Z]{1,4}[\s-]?)?\d[\d\s./-]{2,22}\d(?:\s?[A-Z]\b)?"
_COURT = r"(?:amtsgericht|registergericht|handelsregister(?:\s+des)?\s+amtsgerichts?)\s+[A-ZÄÖÜ][\w-]+"
_COURT_BEHIND = rf"(?:\s*,?\s*\(?{_COURT}\)?)?"
_COURT_BEFORE = rf"(?:{_COURT}\s*,?\s*)?"
_REGISTRATION = re.compile(
    rf"[\s,;(–-]*\b(?P<said>{_COURT_BEFORE}{_LABEL}\s*[:.#]?\s*{_NUMBER}{_COURT_BEHIND})[\s)]*(?=[,;)–-]|$|\s)",
    re.IGNORECASE,
)

_FORMER = re.compile(
    r"[\s,(–-]+\(?(?:formerly(?:\s+known\s+as|\s+called)?|f/?k/?a|f\.k\.a\.|previously(?:\s+known\s+as)?|ehemals|vormals|früher"
    r"|anciennement|ex-|구)\s*:?\s+(?P<name>[^()]{2,80}?)\)?\s*$",
    re.IGNORECASE,
)
_OWNED = re.compile(
    r"\s*[(,–-]+\s*(?:"
    r"(?:an?\s+)?(?:wholly[\s-]owned\s+|fully[\s-]owned\s+)?(?:subsidiary|affiliate|division|unit|brand|part|member|business)\s+of\s+(?:the\s+)?(?P<of>[^()]{2,80}?)"
    r"|an?\s+(?P<company>[^()]{2,60}?)\s+(?:company|business|brand|subsidiary)"
    r"|(?:owned|acquired|operated)\s+by\s+(?P<by>[^()]{2,80}?)"
    r"|(?:tochter(?:gesellschaft|unternehmen)?|teil)\s+(?:von|der|des)\s+(?P<von>[^()]{2,80}?)"
    r"|(?:filiale|groupe|société)\s+(?:de\s+|du\s+)(?P<de>[^()]{2,80}?)"
    r")\)?\s*$",
    re.IGNORECASE,
)
_TRADING_NAME_OF = re.compile(
    r"^(?P<brand>[^()]{2,80}?)\s*[(,]\s*(?:a\s+)?(?:trading|trade|brand)\s*name\s+of\s+(?P<name>[^()]{2,120}?)\)?$",
    re.IGNORECASE,
)
_SINCE = re.compile(r",?\s+(?:in|on|since|as of|seit|im|en|depuis)\s+[^()]*\d{4}\W*$", re.IGNORECASE)
_EMPTY = re.compile(r"\(\s*[,;]?\s*\)")


class Beside(Struct, frozen=True, kw_only=True):
    """A cell without what stands beside the name, and what that was."""

    rest: str
    registration: str | None = None
    """With the name of the register, as written: "HRB 12345"."""
    former: str | None = None
    parent: str | None = None
    brand: str | None = None
    """Where the cell begins with a trading name and says whose it is."""


def beside(text: str) -> Beside:
    """Take apart what is said beside a name; what is not recognised stays in the rest."""
    registration: list[str] = []

    def take(match: re.Match[str]) -> str:
        registration.append(" ".join(match["said"].split()).strip(" ,;"))
        return ""

    rest = _EMPTY.sub("", _REGISTRATION.sub(take, text, count=2)).strip(" ,;–-")
    if match := _TRADING_NAME_OF.match(rest):
        return Beside(
            rest=match["name"].strip(),
            brand=match["brand"].strip(),
            registration=", ".join(registration) or None,
        )
    former = _FORMER.search(rest)
    if former and former.start():
        rest = rest[: former.start()].rstrip(" ,(–-")
    owned = _OWNED.search(rest)
    parent = None
    if owned and owned.start():
        parent = _SINCE.sub("", next(filter(None, owned.groups()), ""))
        rest = rest[: owned.start()].rstrip(" ,(–-")
    return Beside(
        rest=rest or text,
        registration=", ".join(registration) or None,
        former=former["name"].strip(" \"“”'") if former and former.start() else None,
        parent=parent.strip(" \"“”'") if parent else None,
    )
