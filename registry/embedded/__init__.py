"""The PostgreSQL that Onward brings along and supervises itself."""

from registry.embedded.directory import is_initialised
from registry.embedded.errors import EmbeddedError
from registry.embedded.server import Postgres

__all__ = ["EmbeddedError", "Postgres", "is_initialised"]
