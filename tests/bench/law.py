"""What the law engine takes, each figure beside what it is measured by, in one run."""

import functools
import gc
import random
import statistics
from collections.abc import Callable, Hashable
from datetime import date, timedelta
from time import perf_counter, process_time
from typing import Any, Final

import msgspec

import transfers
from registry.rules.laws import Laws
from registry.rules.simulations import of_facts
from registry.web import judging
from tests.bench.cases import CASES
from tests.bench.targets import at_most
from transfers import codes
from transfers.facts import Facts
from transfers.law import Law
from transfers.likeness import Likeness
from transfers.simulation import End, changed
from transfers.timeline import timeline

DAY: Final = date(2026, 11, 24)
ROUNDS: Final = 7
ROWS: Final = 10_000
ROUTES: Final = 500
AT_ONCE: Final = 500
MICROSECONDS: Final = {"adequacy (DE to JP)": 5, "standard clauses (DE to IN)": 10}
"""What a single verdict may take at most."""

_facts = msgspec.json.Decoder(Facts)
_many = msgspec.json.Decoder(list[Facts])
_raw = msgspec.json.Decoder(list[msgspec.Raw])
_encode = msgspec.json.Encoder().encode


def verdicts() -> None:
    """The median of single verdicts with findings and sources, and of decoding the same facts."""
    law = transfers.load_law()
    for name, body in CASES.items():
        written = _encode(body)
        facts = _facts.decode(written)
        verdict = _median(functools.partial(transfers.assess, facts, law, DAY))
        decode = _median(functools.partial(_facts.decode, written))
        limit = MICROSECONDS.get(name)
        target = "" if limit is None else f"   {at_most(verdict, limit, ' µs')}"
        print(f"  {name:<32} {verdict:>8.1f} µs   decoding its facts {decode:4.1f} µs{target}")


def batches() -> None:
    """A batch beside msgspec alone on the same bytes; and a simulation beside the batch.

    Routes repeat themselves in three ways: as the same bytes; in other bytes that the law answers alike, since
    only countries without a decision, kinds of data that none asks for, or days of contracts differ; and not at
    all, where every row must be judged.
    """
    law = transfers.load_law()
    ended = [End(decision="32023D1795", last_day=date(2027, 1, 1))]
    made = seconds(lambda: changed(law, ended))
    print(f"  {'a changed law, made once for a what if':<38} {made * 1000:>6.0f} ms")
    laws = Laws(law, changed(law, ended))
    for name, bodies in (
        (f"{ROWS:,} rows, {ROUTES} routes", _routes(ROUTES) * (ROWS // ROUTES)),
        (f"{ROWS:,} rows, no two the same", _routes(ROWS)),
        (f"{ROWS:,} rows, no two alike to the law", _unlike(ROWS, law)),
    ):
        _batch(name, bodies, laws)


def _batch(name: str, bodies: list[dict[str, Any]], laws: Laws) -> None:
    law = laws.now
    written = _encode(bodies)
    facts = _many.decode(written)
    answers = [transfers.assess(each, law, each.as_of or DAY) for each in facts]
    told = len({_encode(msgspec.structs.replace(answer, as_of=DAY)) for answer in answers})
    bare = seconds(lambda: (_many.decode(written), _encode(answers)))
    ours = seconds(lambda: b",".join(judging.verdicts(_raw.decode(written), law, DAY)))
    simulated = seconds(lambda: of_facts(facts, laws, DAY))
    print(
        f"  {name:<38} {ours * 1000:>6.0f} ms   {ours / bare:4.2f} of msgspec alone ({bare * 1000:.0f} ms)"
        f"   {at_most(ours / bare, 2.5)}   {told:,} answers"
    )
    print(
        f"  {'  what if a decision ended':<38} {simulated * 1000:>6.0f} ms   {simulated / ours:4.2f} of the batch"
        f"   {at_most(simulated / ours, 2)}"
    )


def timelines() -> None:
    """Every verdict since 1995 beside a single one on the same facts."""
    law = transfers.load_law()
    for name, body in CASES.items():
        facts = msgspec.convert(body, Facts)
        whole = _median(functools.partial(timeline, facts, law))
        single = _median(functools.partial(transfers.assess, facts, law, DAY))
        print(
            f"  {name:<32} {whole:>8.0f} µs   {whole / single:4.1f} single verdicts   {at_most(whole / single, 20)}"
        )


def _routes(count: int) -> list[dict[str, Any]]:
    """Routes as contract tools ask about them: any country, half of them under clauses, no two alike."""
    chosen = random.Random(1)
    countries = sorted(code for code, country in codes.countries().items() if country.assigned)
    found: dict[bytes, dict[str, Any]] = {}
    while len(found) < count:
        route: dict[str, Any] = {
            "exporter": {"country": chosen.choice(["BE", "DE", "FR", "NL"]), "role": "processor"},
            "importer": {"country": chosen.choice(countries), "role": "processor", "certifications": []},
            "data": {"hr": chosen.random() < 0.5, "special_categories": chosen.random() < 0.2},
        }
        if chosen.random() < 0.5 or count > ROUTES:
            concluded = date(2021, 7, 1) + timedelta(days=chosen.randrange(1900))
            route["safeguards"] = [
                CASES["standard clauses (DE to IN)"]["safeguards"][0] | {"concluded_on": concluded}
            ]
        found[_encode(route)] = route
    return list(found.values())


def _unlike(count: int, law: Law) -> list[dict[str, Any]]:
    """Routes of other decisions, lists, modules, assessments and coming days: no two are alike to the law."""
    chosen = random.Random(2)
    alike = Likeness(law).of
    listed = sorted(
        {code for decision in law.records.adequacy for code in decision.codes} - law.members("EEA", DAY)
    )
    found: dict[Hashable, dict[str, Any]] = {}
    while len(found) < count:
        soon = DAY + timedelta(days=chosen.randrange(1, 1900))
        entry = {"framework": "eu_us_dpf", "status": "active", "valid_until": soon.isoformat()}
        clauses = CASES["standard clauses (DE to IN)"]["safeguards"][0]
        route: dict[str, Any] = {
            "exporter": {"country": chosen.choice(["BE", "DE", "FR", "NL"]), "role": "processor"},
            "importer": {
                "country": chosen.choice(listed),
                "role": "processor",
                "certifications": [entry],
                "subject_to": {"appi": chosen.random() < 0.5, "pipeda": chosen.random() < 0.5},
            },
            "data": {"hr": chosen.random() < 0.5, "special_categories": chosen.random() < 0.2},
            "safeguards": [
                clauses
                | {
                    "concluded_on": (soon - timedelta(days=1900)).isoformat(),
                    "module": chosen.randrange(1, 5),
                }
                | {"tia": {"outcome": chosen.choice(["adequate", "inadequate"])}}
            ],
        }
        facts = msgspec.convert(route, Facts)
        found[alike(facts, DAY)] = route
    return list(found.values())


def _median(call: Callable[[], object]) -> float:
    """Microseconds that one call takes, of many, in the quietest of some rounds."""
    medians = []
    for _ in range(ROUNDS):
        times = []
        for _ in range(AT_ONCE):
            started = perf_counter()
            call()
            times.append(perf_counter() - started)
        medians.append(statistics.median(times))
    return min(medians) * 1_000_000


def seconds(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of processor that a long call takes, the median of some rounds: others may use the machine too."""
    times = []
    for _ in range(rounds):
        gc.collect()
        started = process_time()
        call()
        times.append(process_time() - started)
    return statistics.median(times)
