r"""The tokenizer of a GGUF file, which cuts text into words as llama.cpp does.

The tokens of a byte-level vocabulary lie within words. A GGUF file holds the name of the rule that cuts them,
`tokenizer.ggml.pre`, and not the rule; transformers knows some of the names and takes GPT-2's rule for all others.

What is covered: the rules of llama.cpp that are patterns, each applied to the pieces that the one before it left. Where
it has another pattern than the model's own tokenizer, for want of `\p{Lu}` and the like (tekken, gpt-4o), the model's
own stands here; they differ beyond ASCII. What is not: rules that are code there (kimi-k2, afmoe, superbpe), those of
embedding models, and names that came later. These are refused.

Source:
    llama.cpp, src/llama-vocab.cpp, and the tokenizer.json of the models that the rules are named after.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.harness.models.errors import ModelUnusable

if TYPE_CHECKING:
    from gguf import GGUFReader
    from transformers import PreTrainedTokenizerBase


def _one_of(*alternatives: str) -> str:
    return "|".join(alternatives)


_CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_WORD = r"[^\r\n\p{L}\p{N}]?\p{L}+"
_CAPITALISED = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
_CAPITALS = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
_DIGIT = r"\p{N}"
_THREE_DIGITS = r"\p{N}{1,3}"
_SIGNS = r" ?[^\s\p{L}\p{N}]+[\r\n]*"
_SIGNS_OR_PATH = r" ?[^\s\p{L}\p{N}]+[\r\n/]*"
_SPACES = r"\s*[\r\n]+|\s+(?!\S)|\s+"
_IDEOGRAPHS = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"
_BLOOM = " ?[^(\\s|.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]+"
_GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_QWEN2 = _one_of(_CONTRACTION, _WORD, _DIGIT, _SIGNS, _SPACES)

#: Names, and the patterns of their rule in the order in which they are applied.
_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gpt-2 phi-2 mpt olmo jais trillion granite-docling gigachat a.x-4.0 mellum modern-bert exaone4", (_GPT2,)),
    ("smollm starcoder refact command-r codeshell exaone minerva-7b mellum2", (_DIGIT, _GPT2)),
    (
        "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 dbrx smaug-bpe glm4 chatglm-bpe",
        (_one_of(_CONTRACTION, _WORD, _THREE_DIGITS, _SIGNS, _SPACES),),
    ),
    ("qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan solar-open grok-2", (_QWEN2,)),
    ("bailingmoe bailingmoe2 llada-moe", (_QWEN2,)),
    (
        "qwen35",
        (
            _one_of(
                _CONTRACTION,
                r"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+",
                _DIGIT,
                r" ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*",
                _SPACES,
            ),
        ),
    ),
    (
        "gpt-4o llama4 kanana2 talkie minimax-m2",
        (
            _one_of(
                f"{_CAPITALISED}{_CONTRACTION}?", f"{_CAPITALS}{_CONTRACTION}?", _THREE_DIGITS, _SIGNS_OR_PATH, _SPACES
            ),
        ),
    ),
    ("tekken", (_one_of(_CAPITALISED, _CAPITALS, _DIGIT, _SIGNS_OR_PATH, _SPACES),)),
    ("seed-coder", (_one_of(_CONTRACTION, _WORD, _DIGIT, r" ?[^\s\p{L}\p{N}\r\n]+", _SPACES),)),
    (
        "deepseek-v3 hunyuan-dense joyai-llm",
        (
            _THREE_DIGITS,
            "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
            _one_of(
                r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+",
                r"[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+",
                r" ?[\p{P}\p{S}]+[\r\n]*",
                _SPACES,
            ),
        ),
    ),
    ("deepseek-coder", (r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", _IDEOGRAPHS, _DIGIT)),
    (
        "deepseek-llm",
        (
            r"[\r\n]",
            r"\s?[\p{Lu}\p{Ll}\p{Lt}]+",
            "\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+",
            r"\s+$",
            _IDEOGRAPHS,
            r"\p{N}+",
        ),
    ),
    ("falcon", (r"[\p{P}\$\+<=>\^~\|`]+", _GPT2, "[0-9][0-9][0-9]")),
    ("bloom poro-chat gpt3-finnish", (_BLOOM,)),
    ("viking", (_BLOOM, _DIGIT)),
    ("default", (r"[\p{P}\$\+<=>\^~\|]+", _GPT2, r"\p{N}+", "[0-9][0-9][0-9]")),
)
PATTERNS = {name: patterns for names, patterns in _RULES for name in names.split()}
"""Patterns of each rule that is known, by its name."""

_LLAMA3_AND_TEKKEN = frozenset(
    ("llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "tekken")
)
"""Rules whose models begin a text with the start token unless the file says otherwise, and take a word that is a token
as that token, whatever its merges come to."""


def read_tokenizer(gguf: Path, reader: "GGUFReader") -> "PreTrainedTokenizerBase":
    """The tokenizer in the file `gguf`, which `reader` has open.

    Raises:
        ModelUnusable: if the file names a rule that is not known here.
    """
    from transformers import AutoTokenizer

    byte_level = _text(reader, "tokenizer.ggml.model") == "gpt2"
    rule = _text(reader, "tokenizer.ggml.pre") or "default"  # as llama.cpp reads files from before there were names
    if byte_level and rule not in PATTERNS:
        raise ModelUnusable(
            f"{gguf} cuts text into words by the rule {rule!r} (tokenizer.ggml.pre), which is not known here, and by "
            "another rule the model would be sent other tokens than it has learned; give the safetensors checkpoint "
            "that the file was made from, which has its own tokenizer, or run the file in llama.cpp and give "
            "--model openai:URL"
        )
    starts = byte_level and rule in _LLAMA3_AND_TEKKEN and not reader.get_field("tokenizer.ggml.add_bos_token")
    options: dict[str, Any] = {"add_bos_token": True} if starts else {}
    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name, **options)
    if byte_level:
        _cut_by(rule, tokenizer)
    else:
        _keep_blanks_whole(tokenizer, reader)
    return tokenizer


def _cut_by(rule: str, tokenizer: "PreTrainedTokenizerBase") -> None:
    from tokenizers import Regex, pre_tokenizers

    backend: Any = tokenizer.backend_tokenizer
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            *(pre_tokenizers.Split(Regex(pattern), behavior="isolated") for pattern in PATTERNS[rule]),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.model.ignore_merges = rule in _LLAMA3_AND_TEKKEN


def _keep_blanks_whole(tokenizer: "PreTrainedTokenizerBase", reader: "GGUFReader") -> None:
    """Take runs of blanks for the tokens that the file has of them, the longest first.

    Among the tokens that are no product of merges, transformers overlooks those that it spells with another sign for
    the blank, as in Gemma's files: 36 blanks became 16 and 20, and not 31 and 5.
    """
    from gguf import TokenType
    from tokenizers import AddedToken

    tokens, types = (reader.get_field(f"tokenizer.ggml.{name}") for name in ("tokens", "token_type"))
    if tokens is None or types is None:
        return
    whole = [tokens.contents(place) for place, kind in enumerate(types.contents()) if kind == TokenType.USER_DEFINED]
    spelled = ["\u2581" * len(token) for token in whole if token and not token.strip(" ")]
    vocabulary = tokenizer.get_vocab()
    tokenizer.add_tokens([AddedToken(token, normalized=True) for token in spelled if token in vocabulary])


def _text(reader: "GGUFReader", key: str) -> str:
    """Text of a field; "" if it is not there, or no text."""
    field = reader.get_field(key)
    value = field.contents() if field else ""
    return value if isinstance(value, str) else ""
