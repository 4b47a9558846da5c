"""Values as bytes: what goes out comes back, and what is not a value is refused."""

import collections
import contextlib
import datetime as dt
import decimal
import enum
import math
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from travelling import refuse, there_and_back

from codecrucible.sandbox.image.decoder import Decoder
from codecrucible.sandbox.image.values import (
    CALLABLE_NAMES,
    CALLABLES,
    MAX_DEPTH,
    TYPE_NAMES,
    TYPES,
    Encoder,
    NotData,
)

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.dates()
    | st.datetimes().map(lambda moment: moment.replace(fold=0))
    | st.timedeltas()
    | st.times().map(lambda moment: moment.replace(fold=0))
    | st.fractions()
    | st.decimals(allow_nan=False),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(), inner)
        | st.frozensets(st.integers(), max_size=1)
    ),
    max_leaves=20,
)


@given(plain)
def test_data_comes_back_equal_and_of_the_same_type(value):
    back = there_and_back(value)
    assert back == value
    assert repr(back) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        bytearray(b"x"), range(1, 10, 3), {1, 2}, frozenset({1}), collections.deque([1, 2]), -0.0, math.inf,
        2**31, -(2**31), -(2**31) - 1, 2**4000, "\ud800", int, ValueError,
        dt.datetime(2024, 1, 1, tzinfo=dt.UTC), decimal.Decimal("NaN"),
    ],
    ids=repr,
)  # fmt: skip
def test_each_kind_of_value_comes_back(value):
    back = there_and_back(value)
    assert type(back) is type(value)
    assert repr(back) == repr(value)


def test_dict_views_come_back_as_views():
    mapping = {"a": 1, "b": 2}
    assert there_and_back(mapping.keys()) == mapping.keys()
    assert there_and_back(mapping.items()) == mapping.items()
    assert list(there_and_back(mapping.values())) == [1, 2]


def test_iterators_arrive_as_iterators_of_what_they_gave():
    for iterator in (iter([1, 2]), (n for n in (1, 2)), map(int, "12"), reversed([2, 1]), {1: 0, 2: 0}.__iter__()):
        back = there_and_back(iterator)
        assert next(back) == 1
        assert list(back) == [2]


def test_a_subclass_arrives_as_what_it_is_built_on_by_the_builtin_methods():
    class Liar(list):
        __hash__ = None

        def __eq__(self, other):
            return True

        def __iter__(self):
            return iter([42])

    class Color(enum.IntEnum):
        RED = 3

    Pair = collections.namedtuple("Pair", "x y")  # noqa: PYI024
    for value, plain_value in (
        (Liar([1]), [1]),
        (Color.RED, 3),
        (Pair(1, 2), (1, 2)),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (collections.defaultdict(int, a=1), {"a": 1}),
        (collections.OrderedDict(a=1), {"a": 1}),
    ):
        back = there_and_back(value)
        assert type(back) is type(plain_value)
        assert back == plain_value


def test_an_object_arrives_as_a_number_and_a_function_never_by_name():
    seen = []

    def number(value):
        seen.append(value)
        return 7

    assert there_and_back([object, object()], number) == [object, "object 7"]
    assert there_and_back(os.system, number) == "object 7"
    assert there_and_back(eval, number) == "object 7"
    assert len(seen) == 3


def test_the_trusted_side_may_name_builtin_functions():
    data = Encoder(CALLABLE_NAMES, refuse).encode((len, str))
    assert Decoder(CALLABLES, refuse).decode(data) == (len, str)
    with pytest.raises(ValueError, match="not a value"):
        Decoder(TYPES, refuse).decode(data)


def test_what_is_too_deep_endless_or_cyclic_does_not_travel():
    deep = []
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]
    cyclic = []
    cyclic.append(cyclic)

    def endless():
        while True:
            yield 0

    for value in (deep, cyclic, endless()):
        with pytest.raises(NotData):
            there_and_back(value)


@given(st.binary())
def test_no_bytes_do_anything_but_decode_or_be_refused(data):
    with contextlib.suppress(ValueError):
        Decoder(TYPES, lambda number: number).decode(data)


@given(plain, st.data())
def test_a_value_cut_short_is_refused(value, data):
    whole = Encoder(TYPE_NAMES, refuse).encode(value)
    length = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(ValueError, match="not a value"):
        Decoder(TYPES, lambda number: number).decode(whole[:length])


@pytest.mark.parametrize(
    "data",
    [
        b"l\xff\xff\xff\xff",
        b"s\xff\xff\xff\x7fx",
        b"l\x01\x00\x00\x00" * 5000 + b"n",
        b"S\x01\x00\x00\x00l\x00\x00\x00\x00",
        b"Q\x02\x00\x00\x00i\x01\x00\x00\x00i\x00\x00\x00\x00",
        b"Q\x02\x00\x00\x00s\x0b\x00\x00\x001e999999999n",
        b"N\x01\x00\x00\x00s\x01\x00\x00\x00x",
        b"B\x04\x00\x00\x00exec",
        b"r\x03\x00\x00\x00" + b"i\x00\x00\x00\x00" * 3,
        b"nn",
        b"",
    ],
)
def test_a_crafted_value_is_refused(data):
    with pytest.raises(ValueError, match="not a value"):
        Decoder(TYPES, lambda number: number).decode(data)
