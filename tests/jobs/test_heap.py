"""Memory that is given up stays at hand: large pieces that come and go cost no page faults any more."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CHILD = """
import resource, sys
from viewer.jobs.heap import memory_at_hand

def faults():
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(20):
        held = [b"x" * (3 << 20) for _ in range(4)]
        del held
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before

if sys.argv[1] == "kept":
    for step in memory_at_hand():
        step()
faults()
print(faults())
"""


def faults(how: str) -> int:
    made = subprocess.run([sys.executable, "-c", CHILD, how], capture_output=True, text=True, check=True, timeout=120)
    return int(made.stdout)


@pytest.mark.skipif(
    not hasattr(os, "confstr") or "CS_GNU_LIBC_VERSION" not in os.confstr_names,
    reason="only glibc is told to keep memory",
)
def test_memory_that_is_given_up_stays_at_hand() -> None:
    assert faults("kept") < 200
    assert faults("given back") > 10_000, "the C library keeps it by itself: this module is not needed any more"
