"""HTTP handlers: decode, call, answer."""
