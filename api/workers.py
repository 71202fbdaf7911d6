"""Workers: the threads in which blocking answers are made, so that a slow kind never holds up a quick one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

READS = 8
COMMANDS = 256
PASSWORDS = 2

READ_AT_MOST = 8 * 1024 * 1024
"""So many bytes of clients' documents are read by the same threads: their names take up to five times as much memory."""


class Workers:
    """Pools whose threads are made when first needed.

    `reads` answer at once. `commands` may block for seconds each (U-21), many at a time. `passwords` compute hashes:
    few, so that a flood of wrong passwords cannot take every core. What comes in XML has readers of its own.
    """

    def __init__(self) -> None:
        self.reads = ThreadPoolExecutor(READS, "ucmsim-read")
        self.commands = ThreadPoolExecutor(COMMANDS, "ucmsim-command")
        self.passwords = ThreadPoolExecutor(PASSWORDS, "ucmsim-password")
        self.soap_reads = Readers(READS, "ucmsim-soap-read")
        self.soap_commands = Readers(COMMANDS, "ucmsim-soap-command")

    def close(self) -> None:
        """Finish what runs, drop what waits, end all threads."""
        pools = (self.reads, self.commands, self.passwords)
        readers = (self.soap_reads, self.soap_commands)
        for pool in (*pools, *readers):
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in (*pools, *readers):
            pool.shutdown(wait=True)


class Readers:
    """Threads that read what clients write in XML. They make way for new ones in time, for use by one thread.

    libxml2 keeps every name that a thread has ever read until the thread ends, and clients choose the names.
    """

    def __init__(self, size: int, name: str, at_most: int = READ_AT_MOST) -> None:
        self._size = size
        self._name = name
        self._at_most = at_most
        self._left = at_most
        self._alive: list[threading.Thread] = []
        self._pool = self._new()

    def threads(self, length: int) -> ThreadPoolExecutor:
        """Return the present threads, for a document of that length."""
        self._left -= length
        if self._left < 0:
            self._left = self._at_most - length
            self._pool.shutdown(wait=False)
            self._alive = [thread for thread in self._alive if thread.is_alive()]
            self._pool = self._new()
        return self._pool

    def shutdown(self, wait: bool, *, cancel_futures: bool = False) -> None:
        """End the threads, those before the present ones too, as a pool does."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            for thread in self._alive:
                thread.join()

    def _new(self) -> ThreadPoolExecutor:
        def enrol() -> None:
            self._alive.append(threading.current_thread())

        return ThreadPoolExecutor(self._size, self._name, initializer=enrol)
