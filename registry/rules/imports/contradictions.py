"""Where a claimed ground of transfer cannot be true of the places beside it, by the law of a day.

Nothing here judges a transfer: the law engine does. What is pointed out is what no further fact could mend,
such as an adequacy decision for a country that has none.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from registry.rules.imports.mechanisms import FRAMEWORK_NAMES, Reading
from transfers.ladder import FAILS
from transfers.law import Law
from transfers.places import name_of
from transfers.records import Adequacy
from transfers.safeguards import Scc
from transfers.standing import FIRST_DAY, LAST_DAY
from transfers.vocabulary import ClauseSet, Framework, Regime


def contradictions(
    reading: Reading, countries: Sequence[str], law: Law, day: date, regime: Regime = Regime.EU_GDPR
) -> list[str]:
    """What the reading says that the law of the day contradicts; `countries` are those of the row's places.

    A place without a country contradicts nothing: nobody knows where it is.
    """
    on = _On(day=min(max(day, FIRST_DAY), LAST_DAY), regime=regime)
    third = [country for country in dict.fromkeys(countries) if _is_outside(country, law, on)]
    return [
        *_no_transfer(reading, third),
        *_adequacy(reading, countries, third, law, on),
        *_frameworks(reading, countries, law, on),
        *_clauses(reading, law, on),
    ]


class _On(Struct, frozen=True, kw_only=True):
    """The day and the regime by which a row is read."""

    day: date
    regime: Regime


def _is_outside(country: str, law: Law, on: _On) -> bool:
    return law.standing(on.regime, country).on(on.day).inside == FAILS


def _no_transfer(reading: Reading, third: Sequence[str]) -> Iterable[str]:
    where = _named(third)
    if reading.no_transfer and third:
        yield (
            f"“{reading.text}” says that nothing is transferred, but the row names {where}, outside the EU and EEA."
            " Ask the vendor which of the two is right."
        )
    elif reading.nothing and third:
        yield (
            f"“{reading.text}” names no ground of transfer, but {where} is outside the EU and EEA. Ask the vendor for"
            " the mechanism."
        )


def _adequacy(
    reading: Reading, countries: Sequence[str], third: Sequence[str], law: Law, on: _On
) -> Iterable[str]:
    if not reading.adequacy:
        return
    decided = {country: _decisions(country, law, on) for country in third}
    without = [country for country, found in decided.items() if not found]
    if without and not (len(without) < len(third) and (reading.claimed or reading.frameworks)):
        yield (
            f"“{reading.text}” claims adequacy, but no adequacy decision for {_named(without)} is in force on {on.day}."
            " Another ground is needed there."
        )
    if countries and not third:
        yield (
            f"“{reading.text}” claims adequacy, but {_named(dict.fromkeys(countries))} needs none: it lies inside the"
            " territory of the law."
        )
    listed = [
        country
        for country, found in decided.items()
        if found and all(decision.certifications for decision in found)
    ]
    if listed and not reading.frameworks:
        yield (
            f"“{reading.text}” claims adequacy, but for {_named(listed)} the decision covers only organisations on its"
            " list. Record the certification with the organisation, once it is found there."
        )
    for number in reading.decisions:
        yield from _numbered(reading, number, third, law)


def _numbered(reading: Reading, number: str, third: Sequence[str], law: Law) -> Iterable[str]:
    """As where a list names the decision for one country beside another."""
    year, _, serial = number.partition("/")
    celex = f"3{year}D{serial.zfill(4)}"
    record = next((entry for entry in law.decisions() if entry.celex == celex), None)
    if record is None:
        yield f"“{reading.text}” names decision {number}, which is not among the adequacy decisions on record."
    elif third and record.codes and not set(third) & set(record.codes):
        yield (
            f"“{reading.text}” names decision {number}, which is the one for {record.title}, and the row names"
            f" {_named(third)}."
        )


def _decisions(country: str, law: Law, on: _On) -> list[Adequacy]:
    return [
        ground.record
        for ground in law.standing(on.regime, country).on(on.day).grounds
        if ground.record is not None and ground.record.covers(on.day) and ground.state != FAILS
    ]


def _frameworks(reading: Reading, countries: Sequence[str], law: Law, on: _On) -> Iterable[str]:
    for framework in reading.frameworks:
        name = FRAMEWORK_NAMES[framework]
        if framework is Framework.APEC_CBPR:
            yield f"“{reading.text}” names {name}, which are no ground of transfer under the GDPR."
            continue
        records = [entry for entry in law.decisions() if framework in entry.certifications]
        if records and not any(entry.covers(on.day) for entry in records):
            ended = next((entry.ended for entry in records if entry.ended), None)
            why = f" ({ended})" if ended else ""
            yield f"“{reading.text}” names {name}, which is not in force on {on.day}{why}. Another ground is needed."
        elif countries and "US" not in countries:
            yield (
                f"“{reading.text}” names {name}, which is for organisations in the United States, and the row names"
                f" {_named(dict.fromkeys(countries))}."
            )


def _clauses(reading: Reading, law: Law, on: _On) -> Iterable[str]:
    for safeguard in reading.claimed.values():
        if not isinstance(safeguard.tool, Scc):
            continue
        chosen = safeguard.tool.set
        use = law.uses.get((on.regime, chosen))
        if chosen is ClauseSet.SET_2021_915:
            yield (
                f"“{reading.text}” names the clauses of Decision 2021/915, which are for contracts inside the EU"
                " (Article 28) and no ground of transfer."
            )
        elif use is not None and use.rely_until is not None and use.rely_until < on.day:
            yield (
                f"“{reading.text}” names the clauses {chosen.value}, on which nobody may rely since {use.rely_until}."
                " Ask for those of Decision 2021/914."
            )


def _named(countries: Iterable[str]) -> str:
    return ", ".join(name_of(country) for country in countries)
