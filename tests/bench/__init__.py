"""How fast it is: ``make bench``, beside a bare route of the same framework on the same machine."""
