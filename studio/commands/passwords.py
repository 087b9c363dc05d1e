"""Passwords from the keyboard, unseen, or from standard input; never from the command line, which others can see."""

import getpass
import sys

from studio.core.errors import BadInput


def new_password(from_stdin: bool) -> str:
    """A password to be set, typed twice; BadInput when the two differ."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise BadInput("The two passwords differ; try again.")
    return first


def known_password(from_stdin: bool) -> str:
    """A password that was set before; "" where there is nobody to ask."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password: ") if sys.stdin.isatty() else ""
