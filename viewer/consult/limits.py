"""How long and how often: every bound of one question, in seconds unless named otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Silence is the time without a single byte; overall is the time of one question, waiting included."""

    connect: float = 10.0
    silence_remote: float = 90.0
    silence_local: float = 600.0  # a model on a laptop's processor may think for minutes before the first word
    silence_speaking: float = 90.0  # once words come, at any address: no model pauses that long between two of them
    overall_remote: float = 600.0
    overall_local: float = 3600.0
    tries: int = 3  # in all; only before anything of an answer arrived
    backoff: float = 1.0  # before the second try, doubled before the third, where the service names no time
    longest_wait: float = 60.0  # a service that asks for more is not waited for

    def silence(self, is_local: bool) -> float:
        """The longest silence for this kind of address."""
        return self.silence_local if is_local else self.silence_remote

    def overall(self, is_local: bool) -> float:
        """The longest time for this kind of address."""
        return self.overall_local if is_local else self.overall_remote
