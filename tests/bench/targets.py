"""What a figure is measured by: the targets that each line names beside its ratio."""


def at_most(value: float, limit: float, unit: str = "") -> str:
    """Say the limit, and whether the figure keeps within it."""
    return f"target at most {limit:g}{unit}: {_met(value <= limit)}"


def at_least(value: float, limit: float) -> str:
    """As ``at_most``, of a share."""
    return f"target at least {limit:.0%}: {_met(value >= limit)}"


def at_least_times(value: float, limit: float) -> str:
    """As ``at_most``, of how many times as much it is."""
    return f"target at least {limit:g} times: {_met(value >= limit)}"


def _met(met: bool) -> str:
    return "met" if met else "MISSED"
