"""What keeps the embedded PostgreSQL from running."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot run: why, and what to do."""
