"""transformers, peft, bitsandbytes and GPTQModel without their progress bars and advice."""

import io
import logging as log
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Nothing but errors from them meanwhile; what matters of their warnings is checked where they are used.

    One thread is in here at a time. What is set here belongs to the whole process, and so does what
    transformers patches while it loads (the tying of weights, torch's default type): of two threads that overlap, the
    last one to leave would keep the other's patches in place for good
    (`test_models_that_are_loaded_in_two_threads_leave_the_process_as_it_was`).
    """
    with _ONE_AT_A_TIME, _quietly():
        yield


@contextmanager
def _quietly() -> Iterator[None]:
    from transformers.utils import logging

    verbosity: Any = logging.get_verbosity()
    bars = logging.is_progress_bar_enabled()
    bitsandbytes = log.getLogger("bitsandbytes")  # which peft imports where it is installed
    its_level = bitsandbytes.level
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    bitsandbytes.setLevel(log.ERROR)
    try:
        # GPTQModel, which peft imports where it is installed, greets on stdout, where a command's data goes.
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore", FutureWarning)  # peft and transformers warn each other's authors
            yield
    finally:
        logging.set_verbosity(verbosity)
        bitsandbytes.setLevel(its_level)
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
