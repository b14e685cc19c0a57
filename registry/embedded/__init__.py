"""The PostgreSQL that Onward brings along and supervises itself."""
