"""Checks of a proposed change against what each client that it touches was promised.

Their subjects begin with the client's reference, so that a block is accepted for that client alone. As among the
other checks, what was so before the change warns: the change did not bring it.
"""
