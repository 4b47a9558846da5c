"""What the references of BigCodeBench showed when all of them ran in the image."""

from collections.abc import Mapping

_NETWORK = "its tests need what they find on the network"
_SOCKETS = "its tests need sockets of the internet's family, which no program here gets"

DEAD: Mapping[str, str] = {
    "BigCodeBench/101": _NETWORK,
    "BigCodeBench/111": "the reference gives other numbers than its test expects",
    "BigCodeBench/147": _SOCKETS,
    "BigCodeBench/176": _NETWORK,
    "BigCodeBench/276": "its tests expect what scipy before 1.9 gave for the skew of constants",
    "BigCodeBench/314": _NETWORK,
    "BigCodeBench/590": _NETWORK,
    "BigCodeBench/734": "its tests need NLTK's averaged_perceptron_tagger, which states no licence",
    "BigCodeBench/1005": _NETWORK,
    "BigCodeBench/1012": _NETWORK,
    "BigCodeBench/1038": _SOCKETS,
    "BigCodeBench/1040": _SOCKETS,
}
"""Why the reference does not pass in the image, by task id."""

SLOW: Mapping[str, float] = {
    "BigCodeBench/102": 240.0,
    "BigCodeBench/195": 40.0,
    "BigCodeBench/417": 240.0,
    "BigCodeBench/428": 40.0,
    "BigCodeBench/461": 80.0,
    "BigCodeBench/1104": 80.0,
}
"""CPU seconds, a third of the wall time, for problems whose reference works or waits for long, by task id."""

UNCHANGED: Mapping[str, tuple[str, ...]] = {
    "BigCodeBench/405": ("test_case_2",),
    "BigCodeBench/541": ("test_no_duplicates_in_sys_path",),
    "BigCodeBench/859": ("test_low_accuracy_warning", "test_warning_setting"),
    "BigCodeBench/862": ("test_edge_cases",),
    "BigCodeBench/878": ("test_case_2", "test_case_3", "test_case_5"),
    "BigCodeBench/917": ("test_case_2", "test_case_3", "test_case_4"),
    "BigCodeBench/1080": ("test_correctness", "test_existing_area", "test_input_formats", "test_large_area"),
    "BigCodeBench/1087": ("test_custom_mean_std_dev",),
    "BigCodeBench/1136": ("test_extraction_and_saving_default",),
}
"""Methods that the reference passes with a changed expected value too, by task id."""
