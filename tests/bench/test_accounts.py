import os
import subprocess
import sys
import time

import pytest

from tests.bench.accounts import (
    BooksDisagree,
    Cpu,
    cpu,
    cpu_of_family_seconds,
    memory_bytes,
    open_files_limit,
)

BUSY_SECONDS = 0.1


def _work() -> None:
    until = time.process_time() + BUSY_SECONDS
    while time.process_time() < until:
        pass


def test_what_a_process_uses_is_on_the_books() -> None:
    before = cpu(os.getpid())
    _work()
    assert cpu(os.getpid()).since(before) >= BUSY_SECONDS * 0.9


def test_a_child_that_has_ended_counts_for_its_family() -> None:
    before = cpu_of_family_seconds(os.getpid())
    work = f"import time\nwhile time.process_time() < {BUSY_SECONDS}: pass"
    subprocess.run([sys.executable, "-I", "-S", "-c", work], check=True)
    assert cpu_of_family_seconds(os.getpid()) - before >= BUSY_SECONDS * 0.8


def test_time_of_threads_that_have_ended_is_noticed() -> None:
    earlier, later = Cpu(0, 0.0), Cpu(1_000_000_000, 2.0)
    with pytest.raises(BooksDisagree, match=r"2\.000 s booked, 1\.000 s scheduled"):
        later.since(earlier)


def test_memory_and_descriptors_of_a_process() -> None:
    assert memory_bytes(os.getpid()) > 1024 * 1024
    assert open_files_limit(os.getpid()) > 0
