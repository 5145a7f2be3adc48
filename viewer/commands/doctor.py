"""`sidelight doctor [--json]`: is everything there that Sidelight needs? One line a part, what to do where not."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from viewer.codec.check import decoder_report
from viewer.commands.say import Sessions, print_json
from viewer.jobs.budget import free_memory
from viewer.text.plain import for_terminal
from viewer.text.resources import resource
from viewer.text.translate import tr
from viewer.usecases.loop import Loop
from viewer.usecases.session import Session

MIB = 2**20
QT_TEST = "import PySide6.QtWidgets as w; import PySide6; w.QApplication([]); print(PySide6.__version__)"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: well or not, and words for people. `needed` False: Sidelight works without it."""

    part: str
    ok: bool
    words: str
    needed: bool = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    parser.add_argument("--offline", action="store_true", help="do not try to reach the provider")


def run(options: argparse.Namespace, sessions: Sessions) -> int:
    """Exit 0 when everything needed is there, else 2."""
    session = sessions(Loop())
    try:
        checks: list[Callable[[], Finding]] = [python_finding, qt_finding, codec_finding, pdf_finding, memory_finding]
        findings = [check() for check in checks]
        findings += [disk_finding(session), keyring_finding(session)]
        if not options.offline:
            findings.append(provider_finding(session))
    finally:
        session.close()
    if options.json:
        print_json([{"part": f.part, "ok": f.ok, "needed": f.needed, "info": f.words} for f in findings])
    else:
        for finding in findings:
            mark = "ok  " if finding.ok else "!!  " if finding.needed else "--  "
            print(for_terminal(f"{mark}{finding.part:<10} {finding.words}"))
    return 0 if all(finding.ok or not finding.needed for finding in findings) else 2


def python_finding() -> Finding:
    """Python and system."""
    return Finding("Python", sys.version_info >= (3, 11), f"{platform.python_version()} on {platform.system()}")


def qt_finding() -> Finding:
    """Qt in a child, so that a missing library is an answer and not the end of this program; -P: nothing is imported
    from the folder where the command was typed, which may be the disc's."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", QT_TEST],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding("Window", False, tr("Qt did not start within a minute."))
    if done.returncode == 0:
        return Finding("Window", True, f"Qt for Python {done.stdout.strip()}")
    last = (done.stderr.strip().splitlines() or [""])[-1]
    return Finding(
        "Window", False, tr("Qt cannot start. Run the line for Linux in the README. ({reason})", reason=last[:160])
    )


def codec_finding() -> Finding:
    """One known frame of each promised encoding is decoded in the worker."""
    good, bad = decoder_report()
    if bad:
        return Finding("Decoders", False, tr("cannot read: {names}", names=", ".join(bad)))
    return Finding("Decoders", True, ", ".join(good))


def pdf_finding() -> Finding:
    """The PDF writer's fonts."""
    try:
        fonts = sorted(path.name for path in resource("fonts").iterdir() if path.suffix in (".ttf", ".otf"))
    except FileNotFoundError:
        fonts = []
    return Finding("PDF", bool(fonts), tr("{n} fonts", n=len(fonts)))


def memory_finding() -> Finding:
    """Free memory."""
    free = free_memory()
    return Finding("Memory", free > 500 * MIB, tr("{n} MB free", n=free // MIB))


def disk_finding(session: Session) -> Finding:
    """Room and right to write where Sidelight keeps its data."""
    problem = session.archive_problem or session.begun_anew
    if problem is not None:
        return Finding("Disk", False, problem.words)
    folder = next((one for one in (session.data_folder, *session.data_folder.parents) if one.exists()), Path.cwd())
    free = shutil.disk_usage(folder).free
    return Finding("Disk", free > 200 * MIB, tr("{n} MB free", n=free // MIB))


def keyring_finding(session: Session) -> Finding:
    """The system's password store."""
    words, works = session.setup.keyring_words()
    return Finding("Keys", works, words, needed=False)


def provider_finding(session: Session) -> Finding:
    """Whether who answers can be reached."""
    report = session.setup.test_connection().wait(60)
    return Finding("Answers", report.ok, report.words, needed=False)
