"""What a relay counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The numbers of one relay."""

    def __init__(self) -> None:
        self.registry = here = CollectorRegistry()
        self.sockets = Gauge("flowglow_sockets", "Sockets that are open", registry=here)
        self.closed = Counter("flowglow_sockets_closed", "Sockets that the relay closed", ["code"], registry=here)
        self.watched = Gauge("flowglow_runs_watched", "Runs that somebody watches here", registry=here)
        self.ingested = Counter("flowglow_events_ingested", "Events that producers sent", registry=here)
        self.refused = Counter("flowglow_appends_refused", "Times the log took no events of a producer", registry=here)
        self.delivered = Counter(
            "flowglow_events_delivered", "Live events put into outboxes, once a socket", registry=here
        )
        self.caught_up = Counter("flowglow_catch_ups", "Runs that a socket was brought up to date with", registry=here)
        self.failures = Counter("flowglow_log_failures", "Times the event log could not be read on", registry=here)
        self.append_s = Histogram(
            "flowglow_append_seconds",
            "How long the log takes to keep what a producer sent",
            buckets=SECONDS,
            registry=here,
        )
        self.age_s = Histogram(
            "flowglow_event_age_seconds",
            "How old an event is, by its `ts`, when it is handed out",
            buckets=SECONDS,
            registry=here,
        )

    def text(self) -> bytes:
        return generate_latest(self.registry)
