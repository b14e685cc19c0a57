"""Which countries can be filtered by: those in which something can lie today, so that no filter hides what is meant."""

from transfers import codes


def followable(code: str) -> str:
    """The code that is meant (`GB` for `UK`, `DE` for `DD`); ``ValueError`` for what nothing lies in.

    That is a code that never existed, that of the European Union, and one whose country became several.
    """
    codes.require_known(code)
    meant = codes.canonical(code)
    country = codes.countries()[meant]
    if country.withdrawn_on is not None:
        raise ValueError(
            f"{country.name} ({code}) is a country no more, so nothing lies in it; name what it became:"
            f" {', '.join(country.became)}"
        )
    if meant == UNION:
        raise ValueError(
            f"{code} is no single country, and a place in it is told by its country; name each that is meant,"
            " such as DE and FR"
        )
    return meant


UNION = "EU"
