"""The law of international transfers: pure, dated, without web, database or clock."""

from transfers.law import Law, load_law
from transfers.timeline import assess

__all__ = ("Law", "assess", "load_law")
