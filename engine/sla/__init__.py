"""Service level agreements: what is promised, when it is late, and who hears of it."""

from engine.sla.policy import Level, Policy, Promise, level_due, promise, read_policy

__all__ = ["Level", "Policy", "Promise", "level_due", "promise", "read_policy"]
