"""Values through the channel of a program's answers."""

from codecrucible.sandbox.image.decoder import Decoder
from codecrucible.sandbox.image.values import (
    TYPE_NAMES,
    TYPES,
    Encoder,
    NotData,
)


def refuse(value):
    raise NotData(type(value).__name__)


def there_and_back(value, opaque=refuse):
    data = Encoder(TYPE_NAMES, opaque).encode(value)
    return Decoder(TYPES, lambda number: f"object {number}").decode(data)
