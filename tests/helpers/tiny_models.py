"""Tokenizers, models and adapters small enough to be made inside of a test."""

import inspect
import textwrap
import warnings

CHAT_TEMPLATE = (
    "{% for message in messages %}<|start|>{{ message['role'] }}\n{{ message['content'] }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)

ENDS = {"bos_token": "<s>", "eos_token": "</s>"}

# Source text that the tokenizers learn from.
_CORPUS = [inspect.getsource(textwrap), inspect.getsource(inspect)]


def byte_level_tokenizer(*, chat_template=None, adds_bos=False, vocabulary=600):
    """As GPT-2, Llama 3 and Qwen have: every byte is in the vocabulary, and text comes back exactly."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=["<s>", "</s>", "<|start|>", "<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_CORPUS, trainer)
    if adds_bos:
        tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, chat_template=chat_template, **ENDS)


def tokenizer_across_words(texts):
    """One that has learned to join whatever is side by side in the texts: where they are cut shows in the tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=2000,
        min_frequency=1,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    threes = [text[start : start + 3] for text in texts for start in range(len(text) - 2)]
    tokenizer.train_from_iterator(threes, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **ENDS)


def space_eating_tokenizer():
    """As Llama 2 and CodeLlama have: spaces are part of the words, and a text's first one is dropped in decoding."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    tokens = ["<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁", *map(chr, range(33, 127)), "▁y"]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    model = models.BPE(vocab=vocabulary, merges=[("▁", "y")], byte_fallback=True)
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **ENDS)


def tiny_llama(*, vocabulary, hidden_size=32, seed=0, **options):
    """A Llama of 2 layers with random weights, float32; its greedy text varies."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        **{
            "vocab_size": vocabulary,
            "hidden_size": hidden_size,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "max_position_embeddings": 256,
            "initializer_range": 0.3,
            "bos_token_id": 0,
            "eos_token_id": 1,
        }
        | options
    )
    return LlamaForCausalLM(config).eval()


def save_tiny_llama(folder, *, chat_template=None, adds_bos=False, vocabulary=600, **options):
    """`folder`, with a tiny Llama and its tokenizer saved in it."""
    tokenizer = byte_level_tokenizer(chat_template=chat_template, adds_bos=adds_bos, vocabulary=vocabulary)
    tiny_llama(vocabulary=len(tokenizer), **options).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_adapter(folder, base_folder, *, zero=False, config=None, more_tokens=(), prepare=None, finish=None, **how):
    """`folder`, with an adapter of the model in `base_folder` in it.

    Args:
        folder: Where to save it.
        base_folder: Of the base.
        zero: Leave a LoRA adapter as it is before training; else what would be trained gets random numbers.
        config: Of PEFT; a LoRA of the attention if there is none.
        more_tokens: What the tokenizer is to have on top; base and adapter get embeddings for them.
        prepare: Called with the base before the adapter is put in.
        finish: Called with base and adapter before they are saved.
        how: For `save_pretrained`.
    """
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from codecrucible.harness.models.quiet import quiet_transformers

    config = config or LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"])
    with quiet_transformers(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # peft's advice on tied embeddings, projections and the like
        torch.manual_seed(1)
        model = AutoModelForCausalLM.from_pretrained(base_folder)
        if more_tokens:
            tokenizer = AutoTokenizer.from_pretrained(base_folder)
            tokenizer.add_special_tokens({"additional_special_tokens": list(more_tokens)})
            model.resize_token_embeddings(len(tokenizer))
            tokenizer.save_pretrained(folder)
        if prepare:
            prepare(model)
        model = get_peft_model(model, config)
        if not zero:
            for name, parameter in model.named_parameters():
                if "lora_B" in name:
                    torch.nn.init.normal_(parameter, std=0.2)
                elif parameter.requires_grad and "lora_A" not in name:
                    parameter.data += 0.2 * torch.randn_like(parameter)
        if finish:
            finish(model)
        model.save_pretrained(folder, **how)
    return folder


def load_with(spec, *, adapter=None, sampling=None, **options):
    """`load_model`, its `LoadOptions` by their names."""
    from codecrucible.harness.models.open import load_model
    from codecrucible.harness.models.protocol import LoadOptions

    return load_model(spec, LoadOptions(**options), adapter=adapter, sampling=sampling)
