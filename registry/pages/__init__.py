"""HTML pages and feed endpoints."""
