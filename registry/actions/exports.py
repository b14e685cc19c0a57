"""The published list as a file: the public view of a day, read in one snapshot."""

from datetime import date

from registry.actions import listing
from registry.actions import world as worlds
from registry.database import Connection
from registry.errors import Fault, InvalidError, Source
from registry.formats.exports import FORMATS, Sheet
from registry.resources.exports import COLUMNS
from registry.rules.exports import for_service, table
from transfers.law import Law

TITLE = "Sub-processors"


async def export(
    db: Connection, form: str, *, day: date, law: Law, public_url: str, service: str | None = None
) -> tuple[int, bytes]:
    """The list of a day in one of the forms, and the change number that it is as of.

    `service` is the key of one of our services; without it the list is that of all of them.
    """
    number, entries = await listing.everything(db, day=day, law=law, public_url=public_url)
    if service is not None:
        services = (await worlds.read(db)).services
        if service not in services:
            there = ", ".join(services) or "none yet"
            message = f"There is no service with the key {service}; there are: {there}."
            raise InvalidError(message, [Fault(message=message, member="service", source=Source.QUERY)])
        entries = for_service(entries, services[service])
    rows = [row.cells for row in table(entries)]
    sheet = Sheet(title=TITLE, as_of=day, number=number, columns=COLUMNS, rows=rows)
    return number, FORMATS[form].write(sheet)
