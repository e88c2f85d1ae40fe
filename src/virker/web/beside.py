"""Work in a process of its own, beside what the program does meanwhile; where no process can be split off, it is done at once."""

from __future__ import annotations

import multiprocessing
import os
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Generic, TypeVar

from virker.errors import UserError, VirkerError

T = TypeVar("T")


class Beside(Generic[T]):
    """The answer of ``work``, which is a value that can be pickled.

    A split-off process has everything that was read so far, and shares nothing after that. It is split off only while this program has
    one thread, those of libraries counted: a lock that another thread held would be held for ever in the new process.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._process = None
        if "fork" not in multiprocessing.get_all_start_methods() or _threads() > 1:
            self._answer, self._error = _tried(work)
            return
        context = multiprocessing.get_context("fork")
        self._here, there = context.Pipe(duplex=False)
        self._process = context.Process(target=lambda: there.send(_tried(work)), daemon=True)
        with warnings.catch_warnings():
            # Python 3.12 warns of threads of libraries too, such as those that draw charts; the split-off work uses none of them.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        there.close()

    def answer(self) -> T:
        """Wait for it. An error of ours comes as it was raised, another with the place where it was."""
        if self._process is not None:
            try:
                self._answer, self._error = self._here.recv()
            except EOFError:
                self._process.join()
                raise VirkerError(f"a process of the build ended by itself (exit code {self._process.exitcode})") from None
            self._process.join()
            self._process = None
        if self._error is not None:
            raise self._error
        assert self._answer is not None
        return self._answer

    def stop(self) -> None:
        """End it, whether it is done or not."""
        if self._process is not None:
            self._process.terminate()
            self._process.join()
            self._process = None


def _threads() -> int:
    """Threads of this process: where the system lists them also those that libraries began (drawing charts, setting pages)."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


def _tried(work: Callable[[], T]) -> tuple[T | None, Exception | None]:
    try:
        return work(), None
    except UserError as error:
        return None, error
    except Exception:
        return None, VirkerError(f"a process of the build failed:\n{traceback.format_exc()}")
