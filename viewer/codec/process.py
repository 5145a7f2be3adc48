"""A decoder process (`worker.py`) as the program knows it: what it is asked, what it answers, its end.

Its answer is a fixed head and exactly as many bytes as the header's description asks for; nothing from it is unpickled or
trusted further.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from viewer.codec.worker import ANSWER, CODES, MAGIC, PHOTOMETRICS

_KEPT_AREA = 16 * 2**20  # a larger picture's memory is given back at once
_PIPE = 2**20
TOO_SLOW = frozenset(-int(getattr(signal, name, 0)) for name in ("SIGPROF", "SIGXCPU"))
_START = "import sys; sys.path.insert(0, sys.argv[1]); from viewer.codec.worker import main; main()"


class DecoderProcess:
    """One process. Used by one thread at a time."""

    def __init__(self) -> None:
        self.area = os.memfd_create("sidelight-frame") if hasattr(os, "memfd_create") else -1
        root = str(Path(__file__).resolve().parents[2])
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, root, str(self.area)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(self.area,) if self.area >= 0 else (),
            env=small_environment(),
        )
        _widen(self.process.stdin)
        self.serial = 0
        self.deadline = float("inf")
        self.overdue = False

    def ask(self, head: dict[str, object], stream: bytes) -> tuple[int, int, int, int]:
        """(code, photometric, notes, bytes); raises OSError when the process died or answered nonsense."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.serial = (self.serial + 1) % 2**32
        words = json.dumps({**head, "serial": self.serial, "length": len(stream)}).encode()
        self.process.stdin.write(len(words).to_bytes(4, "little") + words)
        self.process.stdin.write(stream)
        self.process.stdin.flush()
        answer = self.process.stdout.read(ANSWER.size)
        if len(answer) < ANSWER.size:
            raise OSError("no answer")
        magic, serial, code, photometric, notes, size = ANSWER.unpack(answer)
        if magic != MAGIC or serial != self.serial or code >= len(CODES) or photometric >= len(PHOTOMETRICS):
            raise OSError("no sense")
        return code, photometric, notes, size

    def fetch(self, target: memoryview) -> None:
        """Fill `target` (bytes) with the decoded values; raises OSError where the worker gives fewer."""
        at = 0
        while at < len(target):
            if self.area >= 0:
                got = os.preadv(self.area, [target[at:]], at)
            else:
                assert self.process.stdout is not None
                got = self.process.stdout.readinto(target[at:])  # type: ignore[attr-defined]
            if not got:
                raise OSError("short")
            at += got
        if self.area >= 0 and at > _KEPT_AREA:
            os.ftruncate(self.area, 0)

    def end(self) -> int:
        """Kill the process, give back what it held, return its exit code."""
        self.process.kill()
        code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        if self.area >= 0:
            os.close(self.area)
            self.area = -1
        return code


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a whole stream fit into the pipe, where the system can: else the two processes take turns many times."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        if pipe is not None:
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


def small_environment() -> dict[str, str]:
    """As little as a process needs to start; one thread for linear algebra keeps its address space small."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "2"}
