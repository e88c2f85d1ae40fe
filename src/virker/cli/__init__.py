"""The same, in a terminal. One file per command group; a command is a plain function. Heavy imports happen inside commands."""

from virker.cli.app import main

__all__ = ["main"]
