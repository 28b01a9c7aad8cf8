"""Why a service cannot start, for people: a foreseeable mistake is one StartError, never a traceback."""


class StartError(Exception):
    """The text is a sentence or two: what is wrong, where, and what to do."""
