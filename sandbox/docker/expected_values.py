"""What programs have to answer, printed once and kept: by whom it is asked for, and what goes on with it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any


class ExpectedValues:
    """Keeps what was printed as the expected values of tests, by a digest of all that decides it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Future[dict[str, Any]]] = {}

    def of(self, key: str, ask: Callable[[], Future[dict[str, Any]]]) -> Future[dict[str, Any]]:
        """Future of what the run that prints them answered.

        Args:
            key: Digest of all that decides it.
            ask: Starts that run, if none was started that did not fail.
        """
        with self._lock:
            known = self._known.get(key)
            if known is None or (known.done() and known.exception() is not None):
                known = self._known[key] = ask()
            return known


def chained(first: Future[Any], then: Callable[[Any], Future[Any]]) -> Future[Any]:
    """Future of what that of `then` gives, which is called with the result of `first`; it fails if either does."""
    result: Future[Any] = Future()

    def settle(second: Future[Any]) -> None:
        if error := second.exception():
            result.set_exception(error)
        else:
            result.set_result(second.result())

    def go_on(done: Future[Any]) -> None:
        if not result.set_running_or_notify_cancel():
            return
        try:
            then(done.result()).add_done_callback(settle)
        except Exception as error:  # noqa: BLE001 - whoever waits gets it
            result.set_exception(error)

    if first.done():
        with suppress(Exception):  # which `go_on` meets again, and gives to whoever waits
            return then(first.result())
    first.add_done_callback(go_on)
    return result
