"""Values that the assertions of a language take for equal to an expected one, and values that they do not.

By language: the answer, the expected value, and whether the assertion holds.
"""

EQUAL_VALUES = {
    "javascript": [
        ("1", '"1"', True),
        ('["1", 2]', '[1, "2"]', True),
        ("'a'", '"a"', True),
        ("1.0", "1", True),
        ("0.1 + 0.2", "0.3", False),
        ("-0", "0", True),
        ("NaN", "NaN", True),
        ("[NaN]", '["NaN"]', False),
        ("Infinity", "1e999", True),
        ("true", "1", True),
        ('"true"', "true", False),
        ("null", "undefined", True),
        ("null", "0", False),
        ("[null]", "[]", False),
        ("[undefined]", "[,]", False),
        ("[]", '""', False),
        ("[1]", "1", False),
        ("{a: 1, b: [2]}", '{"b": [2], "a": 1}', True),
        ("{a: 1, b: undefined}", '{"a": 1}', False),
        ('{"@": 1}', '{"@": 2}', False),
        ("new Map([[1, 2]])", "new Map([[1, 2]])", True),
        ("new Map([[1, 2]])", '{"1": 2}', False),
        ("new Set([1, 2])", "new Set([2, 1])", True),
        ("[1, 2]", "[2, 1]", False),
        ("[1, 2]", "{0: 1, 1: 2}", False),
        ("12345678901234567890n", "12345678901234567890n", True),
        ("12345678901234567891n", "12345678901234567890n", False),
        ("12345678901234567891", "12345678901234567890", True),
        ('"\\u00e9"', '"é"', True),
        ('"e\\u0301"', '"é"', False),
        ('"a\\nb\\"\\\\"', "'a\\nb\"\\\\'", True),
        ('"\\ud800"', '"\\ud801"', False),
        ("{}", "[]", False),
        ("[[]]", "[[]]", True),
        ("[[], [[]]]", "[[], []]", False),
        ("new Number(1)", "1", False),
        ("() => 1", "1", False),
    ],
}

EQUAL_VALUES["typescript"] = EQUAL_VALUES["javascript"][::4]
