"""Prints values of PHP so that two have one text if, and only if, `===` holds between them: types and order count.

As data, the order of keys does not.
"""

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
function crucible_text($value, $depth = 0) {
    if ($depth > 200) { return 'endless'; }
    if (\is_string($value)) { return '"' . \addcslashes($value, "\"\\") . '"'; }
    if (\is_float($value)) { return $value == 0 ? '0.0' : \var_export($value, true); }
    if (\is_object($value)) { return 'object(' . \get_class($value) . ')'; }
    if (\is_resource($value)) { return 'object(resource)'; }
    if (!\is_array($value)) { return \strtolower(\var_export($value, true)); }
    $texts = [];
    foreach ($value as $key => $item) {
        $text = crucible_text($item, $depth + 1);
        $texts[] = \array_is_list($value) ? $text : crucible_text($key) . ' => ' . $text;
    }
    return '[' . \implode(', ', $texts) . ']';
}

function crucible_sorted($value) {
    if (!\is_array($value)) { return $value; }
    foreach ($value as $key => $item) { $value[$key] = crucible_sorted($item); }
    if (!\array_is_list($value)) { \ksort($value, SORT_STRING); }
    return $value;
}

function crucible_answer($number, $value) {
    $text = crucible_text($value);
    $channel = \fopen('php://fd/3', 'wb');
    if (!$channel || !\fwrite($channel, $number . ' ' . \strlen($text) . ' ' . $text . "\n")) {
        \fwrite(STDERR, "no answer can be given\n");
        exit(70);
    }
    \fclose($channel);
}
"""

PRINTER = Printer(
    text=_TEXT,
    statement="crucible_answer({number}, {value});",
    data="crucible_sorted({value})",
    expected="<?php\n{printer}\n{statements}\n",
    never_equal=r"\bNAN\b|\bobject\(",
)
"""PHP's."""
