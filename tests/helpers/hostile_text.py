"""Names, ids and messages that attack whatever shows them, for the tests of every renderer."""

import pytest

HOSTILE = [
    "\x1b[2J\x1b[31mred",
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "\x9b31m",
    "user\u202egpj.exe",
    "zero\u200bwidth\u2066isolate",
    "first\rsecond\nthird\x0bfourth\u2028fifth",
    "nul\x00byte\x08\x7f",
    "lone\udc80surrogate\ud800",
    "not\ufffe\uffffcharacters",
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "a|b|c",
    "::error::gone",
    "  ::set-output name=x::y",
    "##[error]gone",
    "%0A::error::gone",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(1)",
    "[link](javascript:alert(1)) `code` *bold* @all #1",
    "]]><evil/><![CDATA[",
    "&lt; &amp; \"quotes\" 'single'",
    r"\input{/etc/passwd} \write18{rm} $x^2$ 50% a_b {c} ~d #e",
    "[3cm] row option",
    "*star",
    "日本語 é ü",
    "x" * 3000,
    "word " * 400 + "::error::gone",
    "::error::|<b>\x1b[2J=1 " * 500_000,  # 10 MB
]

each_hostile_text = pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
