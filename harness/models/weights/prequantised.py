"""How the weights of a checkpoint were quantised before it came here, and whether they can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from codecrucible.harness.models.errors import ModelUnusable

# What reads a method's weights: names to import, and what pip calls them.
_READERS = {
    "awq": {"gptqmodel": "gptqmodel"},
    "bitsandbytes": {"bitsandbytes": "'codecrucible[quant]'"},
    "compressed-tensors": {"compressed_tensors": "compressed-tensors"},
    "gptq": {"gptqmodel": "gptqmodel", "optimum": "optimum"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prequantised:
    """What a checkpoint's configuration says of its weights.

    Attributes:
        method: As the configuration calls it, such as "gptq".
        bits: Bits a weight, where that is one number and named.
    """

    method: str
    bits: int | None

    def __str__(self) -> str:
        """For people, such as "4 bits (gptq)"."""
        return f"{self.bits} bits ({self.method})" if self.bits else self.method


def read_prequantised(config: Mapping[str, Any], spec: str) -> Prequantised | None:
    """What the `config.json` of `spec` says, or None if its weights are as they were trained.

    Raises:
        ModelUnusable: if it says it in a way that is not understood.
    """
    text = config.get("text_config")
    section = config.get("quantization_config") or (text.get("quantization_config") if isinstance(text, dict) else None)
    if not section:
        return None
    method = section.get("quant_method") if isinstance(section, dict) else None
    if not method and isinstance(section, dict) and (section.get("load_in_4bit") or section.get("load_in_8bit")):
        method = "bitsandbytes"  # its first versions did not name themselves
    if not isinstance(method, str) or not method:
        raise ModelUnusable(
            f"quantization_config in the config.json of {spec} names no quant_method; fetch the checkpoint again"
        )
    return Prequantised(method=method, bits=_bits(section))


def check_readable(found: Prequantised, spec: str, *, bits: int | None) -> None:
    """Whether the weights can be read here.

    Args:
        found: How they were quantised.
        spec: The checkpoint.
        bits: In how many it was asked to hold them.

    Raises:
        ModelUnusable: if nothing here knows the method, a package is missing, or `bits` are asked for on top.
    """
    from transformers.quantizers.auto import AutoHfQuantizer

    if bits:
        raise ModelUnusable(
            f"{bits} bits: the weights of {spec} are quantised already, by {found.method!r}; leave out --{bits}bit"
        )
    missing = [package for name, package in _READERS.get(found.method, {}).items() if not find_spec(name)]
    if missing:
        raise ModelUnusable(
            f"the weights of {spec} are quantised by {found.method}, and what reads them is not installed: "
            f"pip install {' '.join(missing)}"
        )
    # Left to itself, transformers takes such weights for plain ones.
    known: Any = AutoHfQuantizer.supports_quant_method
    if found.method not in _READERS and not known({"quant_method": found.method}):
        raise ModelUnusable(
            f"the weights of {spec} are quantised by {found.method!r}, which transformers {version('transformers')} "
            "does not know; take a newer one, another checkpoint of the model, or a server that knows it"
        )


def _bits(section: Mapping[str, Any]) -> int | None:
    if section.get("load_in_4bit") or section.get("load_in_8bit"):
        return 4 if section.get("load_in_4bit") else 8
    groups = section.get("config_groups")
    schemes = [group for group in groups.values() if isinstance(group, dict)] if isinstance(groups, dict) else []
    weights = [scheme["weights"] for scheme in schemes if isinstance(scheme.get("weights"), dict)]
    named = [each.get("num_bits") for each in weights] or [section.get("bits")]
    return named[0] if type(named[0]) is int and named.count(named[0]) == len(named) else None
