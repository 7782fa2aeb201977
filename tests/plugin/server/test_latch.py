"""A flag that signal handlers may set."""

import os
import signal
import threading

from veil.plugin.server.latch import Latch


def test_a_latch_stays_set() -> None:
    latch = Latch()
    assert not latch.wait(0)
    for _ in range(100_000):
        latch.set()
    assert latch.wait()
    assert latch.wait(0)


def test_another_thread_may_set_it() -> None:
    latch = Latch()
    threading.Timer(0.01, latch.set).start()
    assert latch.wait(120)


def test_a_signal_at_any_moment_of_the_wait_ends_it() -> None:
    latches: list[Latch] = []
    previous = signal.signal(signal.SIGUSR1, lambda _number, _frame: latches[-1].set())
    try:
        for _ in range(300):
            latches.append(Latch())
            threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGUSR1)).start()
            assert latches[-1].wait(120)
    finally:
        signal.signal(signal.SIGUSR1, previous)
