"""Workers: the threads in which blocking answers are made, so that a slow kind never holds up a quick one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

READS = 8
COMMANDS = 256
PASSWORDS = 2


class Workers:
    """Three pools whose threads are made when first needed.

    `reads` answer at once. `commands` may block for seconds each (U-21), many at a time. `passwords` compute hashes:
    few, so that a flood of wrong passwords cannot take every core.
    """

    def __init__(self) -> None:
        self.reads = ThreadPoolExecutor(READS, "ucmsim-read")
        self.commands = ThreadPoolExecutor(COMMANDS, "ucmsim-command")
        self.passwords = ThreadPoolExecutor(PASSWORDS, "ucmsim-password")

    def close(self) -> None:
        """Finish what runs, drop what waits, end all threads."""
        pools = (self.reads, self.commands, self.passwords)
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in pools:
            pool.shutdown(wait=True)
