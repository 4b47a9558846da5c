"""MultiPL-E in C++."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    if text.startswith("std::vector"):
        return f"{text.removesuffix('()')}(1)"
    if text.startswith("std::map"):
        key, _, value = text.removeprefix("std::map<").removesuffix(">()").partition(",")
        return f"{text.removesuffix('()')}({{{{{key}(), {value}()}}}})"
    return changed(text, {})


FORM = Form(
    opening=r"assert\(candidate\(",
    between=(" == ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|std::(?:vector|map)<[\w:<>, ]+>\(\)", re.DOTALL),
    changed=_changed,
    quotes="\"'",
)


TRANSLATION = Translation(
    suffix="cpp",
    language="cpp",
    title="C++",
    changes=FORM.changes,
    stub=f'    throw std::runtime_error("{REACHED}");\n',
    sha256={
        "humaneval": "1acb4d6aa825cd2a0f10a6c280a59807bc3d1bb0d16a0e423517e1940c852369",
        "mbpp": "9a27a0c54d5b5326f9414adde2d1f74af1ce6582662f4bf947647c73a3800981",
    },
)
