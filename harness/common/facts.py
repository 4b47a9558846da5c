"""What is on record of the things that made a run: of its weights and of its problems."""

from dataclasses import dataclass, field

from codecrucible.harness.common.codec import UNLESS_DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFacts:
    """Which weights ran, and how; for the run folder.

    Attributes:
        spec: What was asked for.
        name: Short name, for labels.
        source: Folder that was loaded, or the hub id.
        revision: Commit on the hub, or package and version; "" for a local folder.
        sha256: Digest of weights, configuration and tokenizer files together; "" behind a server.
        weights_sha256: Digest of the weight files alone: the identity of a base model, whatever its chat template.
        architecture: Class name, such as "LlamaForCausalLM".
        parameters: Number of parameters, tied ones once, adapter not included; None if unknown, as in a checkpoint that
            was quantised before.
        context_tokens: Longest sequence the model takes, or None if it names none.
        dtype: "bfloat16", "float16" or "float32"; where weights are held in fewer bits, how many and, if the checkpoint
            came so, by which method: "bfloat16 in 4 bits", "float32 in 4 bits (gptq)", "bfloat16 in fp8".
        device: Where it ran, such as "cpu" or "cuda:0".
        chat_template_sha256: Digest of the tokenizer's chat template, "" if it has none.
        licence_notice: What the weights' licence wants said, where that is known; else "".
        remote_code: Whether the checkpoint's own Python code was allowed to run.
        served_name: What a server calls the model, "" in this process.
        served_root: What the server says it loaded for it, "" if it says nothing.
        engine: The engine whose server was started for the run, such as "vllm"; "" where none was.
        cautions: What a reader of the scores should know of how it ran.
        weight_bytes: Size of the weight files on disk, which are the GGUF file where it is one; None behind a server.
        memory_bytes: Size of parameters and buffers as they were loaded, tied ones once, without the adapter and
            the scales that bitsandbytes has beside them; None behind a server.
    """

    spec: str
    name: str
    source: str
    revision: str
    sha256: str
    weights_sha256: str
    architecture: str
    parameters: int | None
    context_tokens: int | None
    dtype: str
    device: str
    chat_template_sha256: str
    licence_notice: str
    remote_code: bool
    served_name: str = ""
    served_root: str = ""
    engine: str = field(default="", metadata=UNLESS_DEFAULT)
    cautions: tuple[str, ...] = ()
    weight_bytes: int | None = field(default=None, metadata=UNLESS_DEFAULT)
    memory_bytes: int | None = field(default=None, metadata=UNLESS_DEFAULT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterFacts:
    """Which adapter ran on top; for the run folder.

    Attributes:
        path: Its folder.
        name: Short name, for labels.
        sha256: Digest of its weights, configuration and tokenizer files together.
        kind: PEFT's name of the method, such as "LORA".
        base: The base model it names.
        base_verified: Whether it records the hash of its base's weights, and that is the hash of the weights loaded.
        tokenizer: Whether the adapter's own tokenizer, with its chat template, is the one in use.
        logit_difference: Largest absolute change of a logit on the probe text; above 0.
        source: Hub id and commit it was fetched from, as "owner/name@commit"; "" for a local folder.
        cautions: What a reader of the scores should know of how it ran.
    """

    path: str
    name: str
    sha256: str
    kind: str
    base: str
    base_verified: bool
    tokenizer: bool
    logit_difference: float
    source: str = ""
    cautions: tuple[str, ...] = ()


TRAINING_RECORD = "training.json"
"""File in an adapter's folder that says what it was trained on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Rows of training data that gave away a problem of a benchmark.

    Attributes:
        hits: How many; all were dropped.
    """

    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSource:
    """What the record of a training says of one set of its data, as far as evaluations ask.

    Attributes:
        sha256: Digest of its data card.
        contamination: By benchmark.
        decontaminated_against: Names of the benchmarks that it was held against.
    """

    sha256: str
    contamination: dict[str, Hits] = field(default_factory=dict)
    decontaminated_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A line of a benchmark's file that holds no problem.

    Attributes:
        place: File and line.
        problem_id: The id that it gives itself, "" if none can be read.
    """

    place: str
    problem_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkFacts:
    """Which problems a run is over; for the run folder.

    Attributes:
        name: As it is asked for, with the choice of problems.
        source: Where its data come from.
        revision: Revision of the source.
        sha256: Digest of the data.
        licence: Licence of the data.
        problem_ids: In the benchmark's order, of all shards.
        refused: Lines that are no part of it.
        dates: When each of these problems was published, as 2024-07-26, by its id, where that is known.
    """

    name: str
    source: str
    revision: str
    sha256: str
    licence: str
    problem_ids: tuple[str, ...]
    refused: tuple[RefusedLine, ...] = field(default=(), metadata=UNLESS_DEFAULT)
    dates: dict[str, str] = field(default_factory=dict, metadata=UNLESS_DEFAULT)
