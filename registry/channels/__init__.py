"""How others are reached, as people write it: addresses of endpoints and of mail, what is allowed, when to retry.

Pure text and arithmetic, below the settings, which are read with it. Whatever cannot be read raises ``ValueError``
with a sentence that says what to write instead.
"""
