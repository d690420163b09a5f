"""Hypothesis profiles: `quick` unless asked otherwise, `full` for what has to land, `long` for a night.

`brief` is for a further Python or other versions of what we build on, where the laws have been tried already.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# In CI the examples are the same on every run: a change fails for what it did, not for the draw.
settings.register_profile(
    "quick",
    max_examples=15,
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no fault of a test
)
settings.register_profile("brief", settings.get_profile("quick"), max_examples=5)
settings.register_profile("full", settings.get_profile("quick"), max_examples=25)
settings.register_profile("long", settings.get_profile("quick"), max_examples=2000, derandomize=False)
settings.load_profile("quick")
