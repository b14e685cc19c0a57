"""What no verdict of the law can be given on: told as a review, and never guessed."""

from datetime import date

from registry.rules.hops import Hop
from transfers.findings import Assessment, Finding, Missing
from transfers.law import Law
from transfers.vocabulary import Level, Regime, Verdict


def ask_place(hop: Hop) -> Missing:
    return Missing(
        fact="importer.country",
        ask=(
            f"In which countries does {hop.importer.facts.legal_name} hold or reach the data for"
            f" “{hop.use.purpose}”? The list says “{hop.place.text}”, which names no bounded place."
        ),
    )


def ask_exporter(hop: Hop) -> Missing:
    return Missing(
        fact="exporter.country",
        ask=f"In which country is {hop.exporter.facts.legal_name}, which exports the data, established?",
    )


def unsupported(hop: Hop, law: Law, day: date, error: Exception) -> Assessment:
    """What the engine cannot judge is no verdict at all, so a person must look."""
    return Assessment(
        verdict=Verdict.NEEDS_REVIEW,
        as_of=day,
        regime=Regime(hop.regime),
        relied_on=None,
        conservative_verdict=Verdict.NOT_COVERED,
        alternative_verdicts=(),
        findings=(
            Finding(
                code="law_unsupported",
                level=Level.INFORMS,
                article="44",
                message=str(error),
                sources=(),
            ),
        ),
        missing=(),
        valid_until=None,
        law_edition=law.edition,
    )


def unknown(hop: Hop, law: Law, day: date, missing: Missing) -> Assessment:
    """A place or exporter without a country may be anywhere: reviewed, and carefully not covered."""
    finding = Finding(
        code="place_unknown",
        level=Level.INFORMS,
        article="44",
        message="Whether Chapter V applies turns on a country that is not on record.",
        sources=(),
    )
    return Assessment(
        verdict=Verdict.NEEDS_REVIEW,
        as_of=day,
        regime=Regime(hop.regime),
        relied_on=None,
        conservative_verdict=Verdict.NOT_COVERED,
        alternative_verdicts=(Verdict.NO_TRANSFER,),
        findings=(finding,),
        missing=(missing,),
        valid_until=None,
        law_edition=law.edition,
    )
