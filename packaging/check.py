"""The one check: `python3 packaging/check.py`. Format, lint, floors, types, tests; stops at the first red."""

import os
import subprocess
import sys

from bootstrap import ROOT, prepare

STEPS = (
    ("Format", "ruff", "format", "--check", "."),
    ("Lint", "ruff", "check", "."),
    (
        "Floors",
        "importlinter",
    ),
    ("Types", "mypy"),
    ("Tests", "pytest", "-q"),
)


def command(python: str, step: tuple[str, ...]) -> list[str]:
    """import-linter has no module to run, only a function."""
    if step[1] == "importlinter":
        return [
            python,
            "-c",
            "import sys; from importlinter.cli import lint_imports_command as c; sys.argv=['lint-imports']; c()",
        ]
    return [python, "-m", *step[1:]]


if __name__ == "__main__":
    python = str(prepare(for_tests=True))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8")}
    for step in STEPS:
        print(f"== {step[0]}", flush=True)
        extra = sys.argv[1:] if step[0] == "Tests" else []
        try:
            code = subprocess.run([*command(python, step), *extra], cwd=ROOT, env=environment).returncode
        except KeyboardInterrupt:
            sys.exit("Stopped.")
        if code:
            sys.exit(code)
