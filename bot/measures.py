"""What the program counts and times, for Prometheus: no name, no word, no movement stands in a figure."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
_LATE = (1, 2, 5, 10, 30, 60, 300, 1800, 3600, 21600)


class Measures:
    """The figures of one running program."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._turns = Histogram(
            "drumbeat_turn_seconds",
            "Time from hearing an event to its answer, waiting included",
            ["event", "ritual", "outcome"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._deliveries = Counter(
            "drumbeat_deliveries",
            "Calls that post or edit, by how they went (shown, again, unsure, broken, never, gone, orphan)",
            ["platform", "call", "outcome"],
            registry=self._registry,
        )
        self._retries = Counter(
            "drumbeat_delivery_retries", "Deliveries put off to be tried again", ["platform"], registry=self._registry
        )
        self._delivery_seconds = Histogram(
            "drumbeat_delivery_seconds",
            "Time a platform took for a post or an edit",
            ["platform"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._late = Histogram(
            "drumbeat_timer_late_seconds",
            "How much later than planned a timer was rung",
            buckets=_LATE,
            registry=self._registry,
        )

    def note_turn(self, event: str, ritual: str, outcome: str, seconds: float) -> None:
        """Count a turn: 'pressed' of 'check-in' was 'done', 'refused' or 'failed'."""
        self._turns.labels(event, ritual, outcome).observe(seconds)

    def note_delivery(self, platform: str, call: str, outcome: str, seconds: float) -> None:
        """Count a 'post' or an 'edit' that a platform was asked for."""
        self._deliveries.labels(platform, call, outcome).inc()
        self._delivery_seconds.labels(platform).observe(seconds)
        if outcome in ("again", "unsure", "broken"):
            self._retries.labels(platform).inc()

    def note_timer(self, late: float) -> None:
        """Count a timer that was rung so many seconds after its time."""
        self._late.observe(max(late, 0.0))

    def told(self) -> bytes:
        """Write all figures as Prometheus reads them."""
        return generate_latest(self._registry)
