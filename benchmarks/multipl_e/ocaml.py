"""MultiPL-E in OCaml."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"[]": "[Obj.magic 0]"})


FORM = Form(
    opening=r"\(assert \(\(candidate",
    between=(" = ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]", re.DOTALL),
    changed=_changed,
)

_DEAD = {
    "negative numbers are written (~1), which is no OCaml": (
        "HumanEval_3_below_zero",
        "HumanEval_30_get_positive",
        "HumanEval_35_max_element",
        "HumanEval_37_sort_even",
        "HumanEval_40_triples_sum_to_zero",
        "HumanEval_43_pairs_sum_to_zero",
        "HumanEval_47_median",
        "HumanEval_57_monotonic",
        "HumanEval_69_search",
        "HumanEval_70_strange_sort_list",
        "HumanEval_71_triangle_area",
        "HumanEval_77_iscube",
        "HumanEval_90_next_smallest",
        "HumanEval_92_any_int",
        "HumanEval_97_multiply",
        "HumanEval_99_closest_integer",
        "HumanEval_102_choose_num",
        "HumanEval_105_by_length",
        "HumanEval_108_count_nums",
        "HumanEval_114_minSubArraySum",
        "HumanEval_116_sort_array",
        "HumanEval_120_maximum",
        "HumanEval_122_add_elements",
        "HumanEval_127_intersection",
        "HumanEval_128_prod_signs",
        "HumanEval_135_can_arrange",
        "HumanEval_142_sum_squares",
        "HumanEval_145_order_by_points",
        "HumanEval_146_specialFilter",
        "HumanEval_150_x_or_y",
        "HumanEval_152_compare",
        "HumanEval_155_even_odd_count",
        "mbpp_12_sort_matrix",
        "mbpp_58_opposite_Signs",
        "mbpp_66_pos_count",
        "mbpp_133_sum_negativenum",
        "mbpp_227_min_of_three",
        "mbpp_229_re_arrange_array",
        "mbpp_273_substract_elements",
        "mbpp_282_sub_list",
        "mbpp_286_max_sub_array_sum_repeated",
        "mbpp_309_maximum",
        "mbpp_404_minimum",
        "mbpp_415_max_Product",
        "mbpp_430_parabola_directrix",
        "mbpp_436_neg_nos",
        "mbpp_439_multiple_to_single",
        "mbpp_442_positive_count",
        "mbpp_443_largest_neg",
        "mbpp_463_max_subarray_product",
        "mbpp_476_big_sum",
        "mbpp_559_max_sub_array_sum",
        "mbpp_605_prime_num",
        "mbpp_615_average_tuple",
        "mbpp_626_triangle_area",
        "mbpp_723_count_same_pair",
        "mbpp_749_sort_numeric_strings",
        "mbpp_767_get_pairs_count",
        "mbpp_801_test_three_equal",
    ),
    "no value is written Some(None)": (
        "HumanEval_12_longest",
        "HumanEval_162_string_to_md5",
    ),
    "a quote in its comment is never closed": (
        "HumanEval_68_pluck",
        "HumanEval_142_sum_squares",
    ),
    "its function or a parameter begins with a capital": (
        "HumanEval_84_solve",
        "HumanEval_91_is_bored",
        "HumanEval_153_Strongest_Extension",
    ),
    "a list has members of different types": ("HumanEval_87_get_row",),
    "list is given two types": (
        "HumanEval_95_check_dict_case",
        "HumanEval_111_histogram",
    ),
    "a number is written .0": ("HumanEval_151_double_the_difference",),
}

TRANSLATION = Translation(
    suffix="ml",
    language="ocaml",
    title="OCaml",
    changes=FORM.changes,
    stub=f'  failwith "{REACHED}"\n',
    sha256={
        "humaneval": "0d8519ad64c1e73a2b8073442ccf330eb2475d8fdd93574817ca85e30097bd58",
        "mbpp": "d41c65dd67369c0915541f4257d98391878e80dba388ed9cf2bd7a0daaad82a9",
    },
    dead={problem_id: cause for cause, ids in _DEAD.items() for problem_id in ids},
)
