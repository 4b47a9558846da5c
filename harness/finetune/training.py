"""LoRA training of a model on prepared data: resumes after a kill, keeps the best, ends in an adapter folder."""

import json
import math
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from codecrucible.harness.common.errors import NothingToDo, UsageError
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.finetune.adapter_folder import Trained, write_adapter
from codecrucible.harness.finetune.encoding import IGNORED, Data, encode_within, read_data, with_replay
from codecrucible.harness.finetune.loggers import tensorboard
from codecrucible.harness.finetune.lora import divisor, out_of_memory, pad_id, with_adapter, without_unused_logits
from codecrucible.harness.finetune.packing import check_apart, collate_packs, packed
from codecrucible.harness.finetune.processes import is_first, join, least, whole_weights
from codecrucible.harness.finetune.recipe import Recipe
from codecrucible.harness.finetune.training_checkpoints import SETTINGS, explained_if_full, remove_torn, resumed
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.open import load_model
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.quiet import quiet_transformers

if TYPE_CHECKING:
    from codecrucible.harness.models.local.model import LocalModel

_ROWS_PUT_AS = 3  # a training that was begun with rows put to the model in another way cannot be resumed


def train(
    spec: str,
    *,
    data: Path,
    replay: Path | None,
    out: Path,
    recipe: Recipe,
    micro_batch: int,
    report_to: str,
    progress: Progress,
    options: LoadOptions,
) -> Trained:
    """Train an adapter of the model `spec` and write it to `out`.

    What is done so far is kept in a hidden folder beside `out`; the same call resumes from its last checkpoint.

    Args:
        spec: As `load_model` takes it.
        data: Folder that `crucible finetune prepare` wrote.
        replay: Another, of general data that the model is not to forget; None for none.
        out: Folder to make; must not exist.
        recipe: How to train.
        micro_batch: Rows that are computed together at most; halved until they fit into memory.
        report_to: "tensorboard", which writes to the folder OUT-logs, another logger of transformers, or "none".
        progress: Is told the steps.
        options: How the base is loaded. Of several processes each has its own GPU.

    Raises:
        UsageError: if `out` exists, or the data is not what it should be.
        RunMismatch: if another training was begun there.
        NothingToDo: if no row is short enough.
        DiskFull: if it cannot be saved; the checkpoints that are whole stay.
        ModelError: if the model cannot be loaded or trained.
    """
    if out.exists():
        raise UsageError(f"{out} is there already: name another folder, or remove it first")
    given = read_data(data)
    general = read_data(replay) if replay else None
    processes = join(options.device, batch=recipe.batch, four_bit=recipe.four_bit)
    device = str(processes.device) if processes.num_processes > 1 else options.device
    local: Any = load_model(spec, replace(options, device=device, bits=4 if recipe.four_bit else None))
    rows = _encoded(given, local, recipe, general=general)
    if rows.split:
        progress.note(f"{rows.split} texts are longer than {rows.limit} tokens and are split at their definitions")
    if rows.too_long:
        share = rows.tokens_left_out / rows.tokens
        progress.note(
            f"{rows.too_long} rows are longer than {rows.limit} tokens and left out, with {share:.1%} of all tokens"
        )
    working = out.with_name(f".{out.name}.training")
    settings = _settings(recipe, given, general, local)
    model = with_adapter(local, recipe, four_bit=recipe.four_bit)
    counts = {"train": len(rows.train), "validation": len(rows.validation)} | {
        name: getattr(rows, name) for name in ("too_long", "split", "tokens", "tokens_left_out")
    }
    if recipe.packing:
        rows = _packed(rows, local, model, seed=recipe.seed)
        counts["packs"] = len(rows.train)
    batch = recipe.batch // processes.num_processes
    micro = resumed(working, settings) or _fitting(model, rows, local, batch, micro_batch, progress)
    micro = least(processes, micro)
    with explained_if_full(working):
        if processes.is_main_process:
            working.mkdir(parents=True, exist_ok=True)
            remove_torn(working)
            (working / SETTINGS).write_text(json.dumps(settings | {"micro_batch": micro}, indent=2), encoding="utf-8")
        processes.wait_for_everyone()
        history, weights = _fit(
            model, rows, local, recipe, micro=micro, accumulated=batch // micro, working=working,
            logs=out.with_name(f"{out.name}-logs"), report_to=report_to, progress=progress,
        )  # fmt: skip
        trained = Trained(
            spec=spec, facts=local.facts, data=given, replay=general, recipe=asdict(recipe), micro_batch=micro,
            rows=counts, history=tuple(history),
        )  # fmt: skip
        if processes.is_main_process:
            write_adapter(out, model, local.tokenizer, trained, weights=weights)
            shutil.rmtree(working)
    processes.wait_for_everyone()
    processes.destroy_process_group()
    return trained


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    train: Sequence[dict[str, list[int]]]
    validation: Sequence[dict[str, list[int]]]
    too_long: int
    split: int  # texts of which several rows were made
    tokens: int  # of all that was given
    tokens_left_out: int  # with the rows that are too long
    limit: int


def _encoded(data: Data, local: "LocalModel", recipe: Recipe, *, general: Data | None) -> _Rows:
    limit = min(recipe.max_tokens, local.facts.context_tokens or recipe.max_tokens)
    parts: list[list[dict[str, list[int]]]] = []
    left_out: list[int] = []
    split = tokens = 0
    for name, rows in (
        ("train", data.train), ("validation", data.validation), ("replay", general.train if general else ()),
    ):  # fmt: skip
        parts.append([])
        for number, row in enumerate(rows, start=1):
            where = f"{name} row {number}"
            encoded = encode_within(row, local.tokenizer, local.prompt_form, limit=limit, where=where)
            parts[-1] += [each for each in encoded if len(each["input_ids"]) <= limit]
            lengths = [len(each["input_ids"]) for each in encoded]
            left_out += [length for length in lengths if length > limit]
            tokens += sum(lengths)
            split += len(encoded) > 1
    train, validation, replayed = parts
    if not train:
        raise NothingToDo(f"each of the {len(data.train)} rows in {data.folder} is longer than {limit} tokens")
    if general:
        train = with_replay(train, replayed, share=recipe.replay_share, seed=recipe.seed)
    return _Rows(
        train=train, validation=validation, too_long=len(left_out), split=split, tokens=tokens,
        tokens_left_out=sum(left_out), limit=limit,
    )  # fmt: skip


def _packed(rows: _Rows, local: "LocalModel", model: Any, *, seed: int) -> _Rows:
    """`rows` with those to train on in packs, if the model keeps them apart."""
    base = model.eval().get_base_model()
    dtype = local.model.dtype
    check_apart(base, rows.train, pad=pad_id(local), dtype=dtype, name=local.facts.spec)
    return replace(rows, train=packed(rows.train, limit=rows.limit, seed=seed))


def _settings(recipe: Recipe, data: Data, general: Data | None, local: "LocalModel") -> dict[str, Any]:
    return {
        **asdict(recipe),
        "base": local.facts.sha256,
        "dtype": local.facts.dtype,
        "prompt_form": local.prompt_form.value,
        "rows_put_as": _ROWS_PUT_AS,
        "data": data.sha256,
        "replay": general.sha256 if general else "",
    }


def _collator(local: "LocalModel") -> Any:
    """Function from rows, or from packs, to a batch."""
    from transformers import DataCollatorForSeq2Seq

    pad = pad_id(local)
    collate_rows = DataCollatorForSeq2Seq(local.tokenizer, padding=True, label_pad_token_id=IGNORED)
    can_skip = "logits_to_keep" in signature(local.model.forward).parameters

    def collate(rows: list[dict[str, list[int]]]) -> Any:
        batch = collate_packs(rows, pad=pad) if "position_ids" in rows[0] else collate_rows(rows)
        return without_unused_logits(batch) if can_skip else batch

    return collate


def _fitting(model: Any, rows: _Rows, local: "LocalModel", batch: int, at_most: int, progress: Progress) -> int:
    """The most rows that divide `batch`, from `at_most` on halved, of which the longest fit into memory together."""
    micro = divisor(batch, at_most)
    longest = sorted(rows.train, key=lambda row: len(row["input_ids"]), reverse=True)
    collate = _collator(local)
    model.train()
    while True:
        inputs = collate([dict(row) for row in longest[:micro]])
        inputs |= {name: each.to(model.device) for name, each in inputs.items() if isinstance(each, torch.Tensor)}
        try:
            model(**inputs).loss.backward()
        except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not out_of_memory(error):
                raise
            if micro == 1:
                raise ModelUnusable(
                    f"a row of {len(longest[0]['input_ids'])} tokens does not fit into memory; give a smaller "
                    "--max-tokens, --gradient-checkpointing, or a smaller --dtype"
                ) from error
            micro = divisor(batch, micro // 2)
            progress.note(f"out of memory: {micro} rows are computed together, and as many a step as before")
        else:
            return micro
        finally:
            model.zero_grad()
            if model.device.type == "cuda":
                torch.cuda.empty_cache()


def _fit(
    model: Any, rows: _Rows, local: "LocalModel", recipe: Recipe, *, micro: int, accumulated: int,
    working: Path, logs: Path, report_to: str, progress: Progress,
) -> tuple[list[dict[str, float]], dict[str, Any] | None]:  # fmt: skip
    """Train `model`, which ends with the weights of its best checkpoint.

    Returns:
        An entry for each log, and the weights if they are not whole in `model`.
    """
    from transformers import EarlyStoppingCallback, PrinterCallback, Trainer, TrainingArguments
    from transformers.trainer_utils import get_last_checkpoint

    from codecrucible.harness.finetune.training_progress import callback

    steps_an_epoch = math.ceil(len(rows.train) / recipe.batch)
    held_out = bool(rows.validation)
    often = max(1, min(steps_an_epoch // 2, recipe.max_steps or steps_an_epoch))
    arguments = TrainingArguments(
        output_dir=str(working),
        per_device_train_batch_size=micro,
        per_device_eval_batch_size=micro,
        gradient_accumulation_steps=accumulated,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=0.1,
        num_train_epochs=recipe.epochs,
        max_steps=recipe.max_steps or -1,
        eval_strategy="steps" if held_out else "no",
        eval_steps=often,
        save_strategy="steps",
        save_steps=often,
        save_total_limit=2,
        load_best_model_at_end=held_out,
        metric_for_best_model="eval_loss" if held_out else None,
        greater_is_better=False if held_out else None,
        logging_steps=1,
        logging_nan_inf_filter=False,
        report_to="none" if report_to == "tensorboard" else report_to,
        run_name=logs.name.removesuffix("-logs"),
        use_cpu=model.device.type == "cpu",
        seed=recipe.seed,
        dataloader_pin_memory=False,
        ddp_find_unused_parameters=False,
        disable_tqdm=True,
    )
    tokens_a_step = sum(len(row["input_ids"]) for row in rows.train) // steps_an_epoch
    callbacks: list[Any] = [callback(progress, tokens_a_step)]
    if held_out and recipe.patience:
        callbacks.append(EarlyStoppingCallback(early_stopping_patience=recipe.patience))
    checkpoint = get_last_checkpoint(str(working))  # type: ignore[no-untyped-call]
    if report_to == "tensorboard" and is_first():
        callbacks.append(tensorboard(logs, checkpoint))
    with quiet_transformers():
        trainer = Trainer(
            model=model,
            args=arguments,
            train_dataset=list(rows.train),
            eval_dataset=list(rows.validation) or None,
            processing_class=local.tokenizer,
            data_collator=_collator(local),
            callbacks=callbacks,
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train(resume_from_checkpoint=checkpoint)
        # Not before: what is prepared to be evaluated is not prepared again, and processes would train each by itself.
        before = [_untrained(trainer, model)] if held_out else []
    kept = ("step", "epoch", "loss", "eval_loss", "learning_rate", "grad_norm")
    logged = [{name: entry[name] for name in kept if name in entry} for entry in trainer.state.log_history]
    return before + [entry for entry in logged if "loss" in entry or "eval_loss" in entry], whole_weights(trainer)


def _untrained(trainer: Any, model: Any) -> dict[str, float]:
    """Validation loss of the base, which is what the model was at step 0."""
    with model.disable_adapter():
        found = trainer.evaluation_loop(trainer.get_eval_dataloader(), description="base", prediction_loss_only=True)
    return {"step": 0, "epoch": 0.0, "eval_loss": float(found.metrics["eval_loss"])}
