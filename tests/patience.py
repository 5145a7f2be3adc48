"""How long a test waits for what must come: a limit for a broken program, never a pause. The machine may be busy, and
what is waited for may have to start a process and import a library first."""

from __future__ import annotations

PATIENCE = 120.0  # seconds
PATIENCE_MS = 120_000
