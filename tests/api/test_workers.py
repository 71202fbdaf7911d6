"""Threads that read clients' documents make way for new ones, and nobody waits for that."""

from __future__ import annotations

import threading

from ucmsim.api.workers import Readers, Workers


def test_threads_are_replaced_when_they_have_read_enough():
    readers = Readers(1, "reader", at_most=1000)
    names = [readers.threads(400).submit(lambda: threading.current_thread().ident).result() for _ in range(5)]
    assert names[0] == names[1]
    assert names[2] == names[3]
    readers.shutdown(wait=True)
    assert not any(thread.name.startswith("reader") for thread in threading.enumerate())


def test_what_the_old_threads_are_at_is_finished():
    readers = Readers(1, "reader", at_most=1000)
    go, begun = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        assert go.wait(20)
        return threading.current_thread().name

    slow = readers.threads(1).submit(work)
    waiting = readers.threads(1).submit(lambda: "done")
    assert begun.wait(20)
    assert readers.threads(2000).submit(lambda: "new").result(20) == "new"
    go.set()
    assert (slow.result(20), waiting.result(20)) == ("reader_0", "done")
    readers.shutdown(wait=True)


def test_closing_waits_for_the_threads_that_were_replaced():
    others = set(threading.enumerate())  # a server that other tests share may be running
    workers = Workers()
    go = threading.Event()
    slow = workers.soap_commands.threads(1).submit(go.wait, 20)
    workers.soap_commands.threads(10**9)
    closing = threading.Thread(target=workers.close)
    closing.start()
    go.set()
    closing.join(20)
    assert slow.done()
    mine = set(threading.enumerate()) - others
    assert not any(thread.name.startswith("ucmsim-soap") for thread in mine)
