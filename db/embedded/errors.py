"""What can go wrong with the embedded servers, each with one line that says what to do."""


class EmbeddedError(Exception):
    """The embedded servers cannot run; the text is for a person."""


class DirectoryInUse(EmbeddedError):
    """Another process holds the data directory."""


class ServiceFailed(EmbeddedError):
    """A server did not start, or not in time."""
