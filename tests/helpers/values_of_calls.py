"""Functions that are called with values of JSON, by language, and what they have to answer."""

ODD = "a\"b\\c$d@e#{f}\n\t\0'é中😀"
VALUE = [1, -2.5, ODD, "", [], [[True, None]], {"k": [1, {"__proto__": "é"}], "@": {}, "a b": False}]
WITHOUT = {
    "perl": [*VALUE[:5], [["x", None]], {"k": [1, {"é": "é"}], "@": {}, "a b": 0}],
    "lua": [1, -2.5, ODD, "", [], [[True]], {"k": [1, {"é": "é"}], "@": {}, "a b": False}],
}

#: A function `answer` of two parameters that answers a list of both, and what makes it answer the first alone.
ECHO = {
    "python": ("def answer(a, b):\n", "    return (a, b)\n", "    return a\n"),
    "javascript": ("function answer(a, b) {\n", "  return [a, b];\n}\n", "  return a;\n}\n"),
    "typescript": ("function answer(a: any, b: any): any {\n", "  return [a, b];\n}\n", "  return a;\n}\n"),
    "php": ("<?php\nfunction answer($a, $b) {\n", "    return [$a, $b];\n}\n", "    return $a;\n}\n"),
    "ruby": ("def answer(a, b)\n", "  [a, b]\nend\n", "  a\nend\n"),
    "perl": ("sub answer {\n    my ($a, $b) = @_;\n", "    return [$a, $b];\n}\n", "    return $a;\n}\n"),
    "lua": ("function answer(a, b)\n", "  return {a, b}\nend\n", "  return a\nend\n"),
}

#: A function that answers `{value}` whatever it is called with.
ANSWERING = {
    "python": "def answer(*_):\n    return {value}\n",
    "javascript": "function answer() {\n  return {value};\n}\n",
    "typescript": "function answer(...of: any[]): any {\n  return {value};\n}\n",
    "php": "<?php\nfunction answer() {\n    return {value};\n}\n",
    "ruby": "def answer(*_)\n  {value}\nend\n",
    "perl": "sub answer {\n    return {value};\n}\n",
    "lua": "function answer()\n  return {value}\nend\n",
}
_CPP = (
    "tuple<long, double, std::string, vector<string>, bool, map<string, vector<int>>, optional<char>, "
    "unordered_map<int, string>, vector<bool>>"
)
_RUST = "(i64, f64, String, Vec<&'static str>, HashMap<String, Vec<i32>>, Option<char>, BTreeMap<u8, String>, (u64,))"
_JAVA = "Map<String, List<Optional<Pair<String, Character>>>>"
MANY = [1, -2, ODD, ["", "a"], True, {"k": [1, -2], "": []}, None, {"7": "x", "80": "y"}]
#: Where types are written: a prompt, its right and a wrong completion, and what goes in and has to come out.
TYPED = {
    "cpp": (
        f"#include<assert.h>\n#include<bits/stdc++.h>\nusing namespace std;\n{_CPP} answer(const {_CPP} &a) {{\n",
        "    return a;\n}\n",
        "    return {};\n}\n",
        [*MANY, [True, False]],
    ),
    "rust": (
        f"use std::collections::*;\nfn answer(a: {_RUST}) -> {_RUST} {{\n",
        "    a\n}\n",
        "    (0, a.1, a.2, a.3, a.4, a.5, a.6, a.7)\n}\n",
        [*MANY[:4], *MANY[5:], [(1 << 64) - 1]],
    ),
    "java": (
        f"import java.util.*;\nimport org.javatuples.*;\nclass Problem {{\n    static {_JAVA} answer({_JAVA} a) {{\n",
        "        return a;\n    }\n",
        "        return new HashMap<>();\n    }\n",
        {ODD: [None, ["", "x"], [ODD, "é"], ["é中😀", "中"]], "": []},
    ),
    "go": (
        "package answers\n// What it gets.\nfunc answer(a map[string][]interface{}) map[string][]interface{} {\n",
        "    return a\n}\n",
        "    return nil\n}\n",
        {ODD: [None, ODD, "é中😀", [], {"k": [1.5]}, True, -3], "": []},
    ),
}
#: By language: types of a parameter and of the answer, a body, an argument, what is expected, and whether it passes.
TYPED_EQUAL = {
    "cpp": [
        ("std::vector<float> a", "std::vector<double>", "return {a[0] + 0.2, 1};", [0.1], [0.301, 1], True),
        ("bool a", "long", "return a;", True, 2, False),
    ],
    "rust": [("a: &[f32]", "f32", "a[0] * 2.0", [0.5], 1, True), ("a: &str", "bool", 'a == "1"', "1", False, False)],
    "java": [
        ("int a", "Object", "return a + 1L;", 1, 2, None),
        ("int a", "double", "return a / 3.0;", 1, 0.333, True),
        ("List<Integer> a", "long", "return a.size();", [1], 2, False),
    ],
    "go": [
        ("a, b []float64", "[]float64", "return append(a, 0.1, 1)", None, None, None),
        ("a []float32", "[]float64", "return []float64{float64(a[0]) + 0.2, 1}", [0.1], [0.301, 1], True),
        ("a *int", "map[int][]string", "return map[int][]string{*a: nil}", 7, {"7": []}, True),
        ("a *int", "[]string", 'return []string{"a b"}', None, ["a", "b"], False),
        ("a rune", "string", "return string(a)", "é", "é", True),
    ],
}
SIGNATURES = {
    "cpp": "#include<assert.h>\n#include<bits/stdc++.h>\n{1} answer({0}) {{\n",
    "rust": "fn answer({0}) -> {1} {{\n",
    "java": "import java.util.*;\nclass Problem {{\n    public static {1} answer({0}) {{\n",
    "go": "package answers\nfunc answer({0}) {1} {{\n",
}
NEAR = {"absolute": 0.01, "relative": 0.001}

#: By language: what a program answers, what is expected, the tolerance, and whether it passes.
EQUAL = {
    "python": [
        ("(1, [2])", [1, [2]], {}, True),
        ("1.0", 1, {}, True),
        ("True", 1, {}, False),
        ("1", True, {}, False),
        ("0.1 + 0.2", 0.3, {}, False),
        ("0.1 + 0.2", 0.3, {"absolute": 1e-9}, True),
        ("[{'a': 1000.5}]", [{"a": 1000}], NEAR, True),
        ("[{'a': 1002}]", [{"a": 1000}], NEAR, False),
        ("float('nan')", 0.5, NEAR, False),
        ("float('inf')", 0.5, NEAR, False),
        ("10 ** 400", 0.5, NEAR, False),
        ("'1'", 1, NEAR, False),
        ("{1: 2}", {"1": 2}, {}, False),
        ("None", 0, NEAR, False),
    ],
    "javascript": [
        ("'1'", 1, {}, False),
        ("1.0", 1, {}, True),
        ("undefined", None, {}, False),
        ("[true]", [1], {}, False),
        ("0.1 + 0.2", 0.3, {}, False),
        ("[0.1 + 0.2, 'x 1.05']", [0.3, "x 1.05"], NEAR, True),
        ("['x 1.051']", ["x 1.05"], NEAR, False),
        ("{b: 1000.5, a: 1}", {"a": 1, "b": 1000}, NEAR, True),
        ("1002", 1000, NEAR, False),
        ("NaN", 0.5, NEAR, False),
        ("1e999", 0.5, NEAR, False),
        ("-0", 0, {}, True),
    ],
    "php": [
        ("['b' => 1, 'a' => 2]", {"a": 2, "b": 1}, {}, True),
        ("1", 1.0, {}, True),
        ("'1'", 1, {}, False),
        ("true", 1, {}, False),
        ("0.1 + 0.2", 0.3, NEAR, True),
    ],
    "ruby": [
        ("1r", 1, {}, True),
        ("'1'", 1, {}, False),
        ("{a: 1}", {"a": 1}, {}, False),
        ("0.1 + 0.2", 0.3, NEAR, True),
    ],
    "perl": [("'1'", 1, {}, True), ("'01'", 1, {}, False), ("[1 / 3]", [0.333], NEAR, True), ("'x'", 0.3, NEAR, False)],
    "lua": [("1.0", 1, {}, True), ("'1'", 1, {}, False), ("{1 / 3}", [0.333], NEAR, True), ("0/0", 0.3, NEAR, False)],
    "typescript": [("'1'", 1, {}, False), ("1 / 3", 0.333, NEAR, True)],
}
