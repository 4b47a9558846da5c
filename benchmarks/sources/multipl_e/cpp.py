"""MultiPL-E in C++."""

import re

from codecrucible.benchmarks.negative_control import NUMBER, STRING, Form, changed
from codecrucible.benchmarks.sources.multipl_e.translation import REACHED, Translation


def _changed(text: str) -> str:
    if text.startswith("std::vector"):
        return f"{text.removesuffix('()')}(1)"
    if text.startswith("std::map"):
        key, _, value = text.removeprefix("std::map<").removesuffix(">()").partition(",")
        return f"{text.removesuffix('()')}({{{{{key}(), {value}()}}}})"
    return changed(text, {})


FORM = Form(
    opening=r"assert\((?P<called>candidate\()",
    between=(" == ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|std::(?:vector|map)<[\w:<>, ]+>\(\)", re.DOTALL),
    changed=_changed,
    quotes="\"'",
    around=r"\}\s*int main\(\) \{\s*auto candidate = \w+;\s*\}\s*",
)


TRANSLATION = Translation(
    suffix="cpp",
    language="cpp",
    title="C++",
    changes=FORM.changes,
    assertions=FORM.assertions,
    result=re.compile(r"^((?:(?!Union|std::any|nullopt)[\w:<>, ])+?) \w+\([^\n]*\) \{$", re.MULTILINE),
    stub=f'    throw std::runtime_error("{REACHED}");\n',
    sha256={
        "humaneval": "a440037d9ad6f71024de1fd3ca5dd1e89306c85236aef16bd7e2a44cfa0506bb",
        "mbpp": "099dcf41fc471b9dd45631e8ac6d20123440f3fdc29dc359f553516fc9f97df1",
    },
)
