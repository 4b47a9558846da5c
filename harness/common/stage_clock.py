"""How long a stage of the work took."""

import time


class StageClock:
    """Wall seconds from the first to the last unit of a stage, in this session."""

    def __init__(self) -> None:
        self._first = self._last = 0.0

    def tick(self) -> None:
        """Note that a unit begins or ends now."""
        self._last = time.monotonic()
        self._first = self._first or self._last

    @property
    def seconds(self) -> float:
        """Seconds between the first and the last tick."""
        return self._last - self._first
