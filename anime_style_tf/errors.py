"""The error that means: the user can fix this."""


class InputError(ValueError):
    """A problem with what the user gave: a file, a flag, a configuration value.

    The message is one line: what was wrong, what is expected, what was received, what to do.
    The binaries print it without a stack trace and exit with code 2.
    """


class TooFewError(InputError):
    """Too few works, artists or subjects to measure one thing; everything else can be."""
