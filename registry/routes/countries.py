"""Country codes in queries: aliases taken, and what nothing lies in refused."""

from registry.errors import Fault, InvalidError, Source
from registry.rules.countries import followable


def asked(code: str, parameter: str = "country") -> str:
    """The code that is meant (GB for UK); `InvalidError` for one that nothing lies in."""
    try:
        return followable(code)
    except ValueError as error:
        message = f"{parameter}: {error}."
        raise InvalidError(
            message, [Fault(message=f"{error}.", member=parameter, source=Source.QUERY)]
        ) from error
