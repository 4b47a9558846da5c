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

_DEAD = {
    "HumanEval_137_compare_one": "the prompt does not compile",
    "mbpp_65_recursive_list_sum": "the tests make values of other types than the prompt's",
    "mbpp_230_replace_blank": "the prompt does not compile",
    "mbpp_240_replace_list": "the tests compare values that C++ cannot compare",
    "mbpp_253_count_integer": "the tests make values of other types than the prompt's",
    "mbpp_262_split_two_parts": "the tests compare values that C++ cannot compare",
    "mbpp_265_list_split": "the tests make values of other types than the prompt's",
    "mbpp_278_count_first_elements": "the prompt does not compile",
    "mbpp_294_max_val": "the tests make values of other types than the prompt's",
    "mbpp_297_flatten_list": "the tests make values of other types than the prompt's",
    "mbpp_398_sum_of_digits": "the tests make values of other types than the prompt's",
    "mbpp_405_check_tuplex": "the tests make values of other types than the prompt's",
    "mbpp_407_rearrange_bigger": "the tests compare values that C++ cannot compare",
    "mbpp_410_min_val": "the tests make values of other types than the prompt's",
    "mbpp_413_extract_nth_element": "the tests make values of other types than the prompt's",
    "mbpp_418_Find_Max": "the tests make values of other types than the prompt's",
    "mbpp_425_count_element_in_list": "the tests make values of other types than the prompt's",
    "mbpp_457_Find_Min": "the tests make values of other types than the prompt's",
    "mbpp_462_combinations_list": "the prompt does not compile",
    "mbpp_465_drop_empty": "the tests make values of other types than the prompt's",
    "mbpp_563_extract_values": "the tests do not escape quotation marks within strings",
    "mbpp_568_empty_list": "the prompt does not compile",
    "mbpp_580_extract_even": "the tests compare values that C++ cannot compare",
    "mbpp_585_expensive_items": "the tests make values of other types than the prompt's",
    "mbpp_612_merge": "the tests make values of other types than the prompt's",
    "mbpp_725_extract_quotation": "the tests do not escape quotation marks within strings",
    "mbpp_730_consecutive_duplicates": "the tests compare values that C++ cannot compare",
    "mbpp_778_pack_consecutive_duplicates": "the tests make values of other types than the prompt's",
}

TRANSLATION = Translation(
    suffix="cpp",
    language="cpp",
    title="C++",
    changes=FORM.changes,
    dead=_DEAD,
    stub=f'    throw std::runtime_error("{REACHED}");\n',
    sha256={
        "humaneval": "1acb4d6aa825cd2a0f10a6c280a59807bc3d1bb0d16a0e423517e1940c852369",
        "mbpp": "9a27a0c54d5b5326f9414adde2d1f74af1ce6582662f4bf947647c73a3800981",
    },
)
