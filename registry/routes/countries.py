"""Country codes in queries: aliases taken, codes that never existed refused."""

from registry.errors import Fault, InvalidError, Source
from transfers import codes


def asked(code: str, parameter: str = "country") -> str:
    """The code that is meant (GB for UK); `InvalidError` for one that never existed."""
    try:
        codes.require_known(code)
    except ValueError as error:
        message = f"{parameter}: {error}."
        raise InvalidError(
            message, [Fault(message=f"{error}.", member=parameter, source=Source.QUERY)]
        ) from error
    return codes.canonical(code)
