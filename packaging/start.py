"""Start Sidelight from a checkout: `python3 packaging/start.py --demo`. Sets everything up the first time."""

import os
import signal
import subprocess
import sys

from bootstrap import ROOT, prepare

if __name__ == "__main__":
    # -P: nothing is imported from the folder where this was typed, which may be the disc's
    line = [str(prepare()), "-P", "-m", "viewer", *sys.argv[1:]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    sys.stdout.flush()
    if os.name == "posix":  # one process: Ctrl+C and the end of a session reach the program, and it may take its time
        os.execve(line[0], line, environment)  # noqa: S606
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(subprocess.run(line, env=environment).returncode)
