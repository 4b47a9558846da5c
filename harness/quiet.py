"""transformers, peft, bitsandbytes and GPTQModel without their progress bars and advice."""

import io
import logging as log
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Nothing but errors from them meanwhile; what matters of their warnings is checked where they are used."""
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
