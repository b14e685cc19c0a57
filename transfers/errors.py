"""What can go wrong in the law engine; it knows no HTTP."""


class TransfersError(Exception):
    """Base of the errors that this package raises on purpose."""


class UnsupportedError(TransfersError):
    """The question lies outside what the engine judges; it never guesses a verdict."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class LawDataError(TransfersError):
    """A file of law data cannot be used; names the file, the key and the remedy."""

    def __init__(self, file: str, key: str, what: str) -> None:
        super().__init__(f"{file}: {key}: {what}")
        self.file = file
        self.key = key
        self.what = what
