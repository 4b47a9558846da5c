"""A check that is data, made ready: the arguments of its calls, encoded, and what is expected of each, once known."""

import json
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, Protocol

from .decoder import Decoder
from .values import CALLABLE_NAMES, TYPES, Encoder, NotData

_LENGTH = struct.Struct("<I")
#: Of a check's expected values, encoded; those beyond are computed again for each program (HumanEval/15 has 147 MB).
_KEPT_BYTES = 4 << 20


class Oracle(Protocol):
    """What a check's source defines, see `sandbox.CallsCheck`."""

    def calls(self, inputs: Any) -> Iterable[tuple[object, ...]]:
        """Arguments of each call."""

    def expected(self, *arguments: Any) -> object:
        """What is known of the right answer."""

    def comparison(self) -> Callable[[object, object], object]:
        """A function of an answer and of what is expected."""


class PreparedCalls:
    """The trusted half of a job, ready to be compared.

    Args:
        oracle: Says what is to be asked, and what is right.
        parts: What it gets for each part.

    Attributes:
        parts: Encoded arguments of each call of each part.
        comparison: As the oracle's.
    """

    def __init__(self, oracle: Oracle, parts: Iterable[Any]) -> None:
        self._oracle = oracle
        self._encoder = Encoder(CALLABLE_NAMES, _refuse)
        self._decoder = Decoder(TYPES, _refuse)
        self._kept: dict[bytes, object] = {}
        self._room = _KEPT_BYTES
        self.comparison = oracle.comparison
        self.parts: tuple[Sequence[bytes], ...] = tuple(
            [self._encoder.encode(tuple(arguments)) for arguments in oracle.calls(inputs)] for inputs in parts
        )

    def arguments(self, encoded: bytes) -> tuple[object, ...]:
        """The arguments of one of the calls in `parts`."""
        return tuple(self._decoder.decode(encoded))

    def knows(self, arguments: bytes) -> bool:
        """Whether it is known what is expected of a call."""
        return arguments in self._kept

    def expected(self, arguments: bytes) -> object:
        """What is expected of a call, as it would be if the player had sent it.

        Raises:
            Exception: whatever the oracle raises; `NotData` if what it expects is no data.
        """
        if arguments in self._kept:
            return self._kept[arguments]
        # Decoded for each call: the oracle may change its arguments.
        encoded = self._encoder.encode(self._oracle.expected(*self._decoder.decode(arguments)))
        value = self._decoder.decode(encoded)
        self._room -= len(encoded)
        if self._room >= 0:
            self._kept[arguments] = value
        return value


def prepare_calls(oracle: str, parts: Iterable[str]) -> PreparedCalls:
    """The check of these sources.

    Args:
        oracle: Defines `oracle`.
        parts: JSON.

    Raises:
        Exception: if the source does not compile, raises, or asks for what is no data.
    """
    namespace: dict[str, Any] = {"__name__": "oracle"}
    exec(compile(oracle, "<oracle>", "exec", dont_inherit=True), namespace)  # noqa: S102 - the dataset's own code
    return PreparedCalls(namespace["oracle"], map(json.loads, parts))


def list_frame(items: Sequence[bytes]) -> bytes:
    """A list of values that are encoded already, encoded."""
    return b"l" + _LENGTH.pack(len(items)) + b"".join(items)


def _refuse(value: object) -> NoReturn:
    raise NotData(f"{type(value).__name__} is no data")
