"""The service: the only place with HTTP, SQL, settings and a clock."""
