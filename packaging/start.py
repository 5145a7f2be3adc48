"""Start Sidelight from a checkout: `python3 packaging/start.py --demo`. Sets everything up the first time."""

import os
import subprocess
import sys

from bootstrap import ROOT, prepare

if __name__ == "__main__":
    python = prepare()
    sys.exit(
        subprocess.run(
            [str(python), "-m", "viewer", *sys.argv[1:]], cwd=os.getcwd(), env={**os.environ, "PYTHONPATH": str(ROOT)}
        ).returncode
    )
