"""How a problem's prompt is put to a model: as it stands, or as a message through the tokenizer's chat template."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.models.chat_settings import PLAIN_CHAT, ChatSettings
from codecrucible.harness.models.chat_template import Message, chat_template, rendered_chat, turn_end
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.infill import infill_tokens, render_infill
from codecrucible.harness.models.requests import RenderedPrompt
from codecrucible.sandbox.languages import LANGUAGES

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# Whatever the prompt lacks, the answer has to hold, so that it can be run without guessing where it continues.
CHAT_MESSAGE = (
    "Complete the following {language} function. Answer with the whole function in one ```{fence} code block.\n\n"
    "```{fence}\n{prompt}\n```"
)

WHOLE_PROGRAM_MESSAGE = (
    "Write a {language} program that does the following. It reads from standard input and writes to standard output. "
    "Answer with the whole program{main} in one ```{fence} code block.\n\n{prompt}"
)

_LANGUAGE_NAMES = {
    "cpp": "C++",
    "csharp": "C#",
    "javascript": "JavaScript",
    "ocaml": "OCaml",
    "php": "PHP",
    "typescript": "TypeScript",
}


def resolve_form(asked: str, tokenizer: "PreTrainedTokenizerBase") -> PromptForm:
    """The form that `asked` ("auto", "completion", "chat" or "infill") means for this tokenizer.

    Raises:
        ValueError: if `asked` is none of the four.
        ModelUnusable: if "chat" is asked of a tokenizer without a chat template, or "infill" of one without its tokens.
    """
    if asked == "auto":
        return PromptForm.CHAT if chat_template(tokenizer) else PromptForm.COMPLETION
    form = PromptForm(asked)
    if form is PromptForm.INFILL:
        infill_tokens(tokenizer)
    if form is PromptForm.CHAT and not chat_template(tokenizer):
        raise ModelUnusable(
            f"prompt form chat was asked for, but the tokenizer of {tokenizer.name_or_path} has no chat template; "
            "use --prompt-form completion, or the instruction-tuned checkpoint"
        )
    return form


def render_prompt(
    tokenizer: "PreTrainedTokenizerBase",
    prompt: str,
    *,
    form: PromptForm,
    language: str = "python",
    whole: bool = False,
    message: str = "",
    suffix: str | None = None,
    chat: ChatSettings = PLAIN_CHAT,
) -> RenderedPrompt:
    """What a model with this tokenizer is sent, its start token included, once; see `Request` for what is asked."""
    if form is PromptForm.CHAT:
        messages = chat.messages(message or chat_message(prompt, language, whole=whole))
        text = rendered_chat(tokenizer, messages, add_generation_prompt=True, template_kwargs=chat.template_kwargs)
        return RenderedPrompt(text=text, token_ids=_ids_of_chat(tokenizer, text))
    if form is PromptForm.INFILL:
        return render_infill(tokenizer, prompt, suffix or "")
    starts_itself = bool(tokenizer.bos_token) and prompt.startswith(str(tokenizer.bos_token))
    ids = list(tokenizer(prompt, add_special_tokens=not starts_itself).input_ids)
    # Some tokenizers close every text, after which there is nothing to continue.
    if ids and ids[-1] == tokenizer.eos_token_id and not prompt.endswith(str(tokenizer.eos_token)):
        ids.pop()
    if not ids and tokenizer.bos_token_id is not None:  # an empty prompt of a tokenizer that adds no start token
        ids = [tokenizer.bos_token_id]
    return RenderedPrompt(text=prompt, token_ids=tuple(ids))


def conversation_ids(tokenizer: "PreTrainedTokenizerBase", messages: Sequence[Message]) -> tuple[int, ...]:
    """Token ids of a chat up to where the model's answer begins.

    Raises:
        ModelUnusable: if the chat template does not take the messages.
    """
    return _ids_of_chat(tokenizer, rendered_chat(tokenizer, messages, add_generation_prompt=True, template_kwargs={}))


def template_sha256(tokenizer: "PreTrainedTokenizerBase", form: PromptForm) -> str:
    """Hex SHA-256 of all that `render_prompt` wraps around a prompt; "" if that is nothing."""
    if form is PromptForm.COMPLETION:
        return ""
    if form is PromptForm.INFILL:
        return sha256(infill_tokens(tokenizer).template.encode()).hexdigest()
    return sha256(f"{CHAT_MESSAGE}\0{chat_template(tokenizer)}".encode()).hexdigest()


def turn_end_ids(tokenizer: "PreTrainedTokenizerBase", *, chat: ChatSettings = PLAIN_CHAT) -> set[int]:
    """The special token that the chat template puts behind an answer; empty if it puts none there, or drops answers.

    Checkpoints often leave it out of their end tokens, and the model then talks on with itself.
    """
    after = turn_end(tokenizer, chat.template_kwargs) or ""
    special = {number for number, token in tokenizer.added_tokens_decoder.items() if token.special}
    return set([number for number in tokenizer(after, add_special_tokens=False).input_ids if number in special][:1])


def answer_opening(tokenizer: "PreTrainedTokenizerBase", messages: list[dict[str, str]]) -> str:
    """What the chat template itself puts before an answer to `messages`, such as an empty think block; "" if nothing.

    What already stands where the model's answer begins is no part of it.
    """
    answer = "codecrucible"
    answered = [*messages, {"role": "assistant", "content": answer}]
    try:
        asked = rendered_chat(tokenizer, messages, add_generation_prompt=True, template_kwargs={})
        whole = rendered_chat(tokenizer, answered, add_generation_prompt=False, template_kwargs={})
    except ModelUnusable:
        return ""
    return whole[len(asked) : whole.rindex(answer)] if whole.startswith(asked) and answer in whole else ""


def answer_start(prompt: str, language: str = "python") -> str:
    """How an answer to `chat_message` begins that restates `prompt` and goes on with it."""
    return f"```{language}\n" + prompt.lstrip("\n")


def chat_message(prompt: str, language: str, *, whole: bool = False) -> str:
    """The message that asks for the function that `prompt` begins, or for the `whole` program that it describes."""
    name = _LANGUAGE_NAMES.get(language, language.capitalize())
    if whole:
        main = f", {LANGUAGES[language].whole.main}," if LANGUAGES[language].whole.main else ""
        text = prompt.strip("\n")
        return WHOLE_PROGRAM_MESSAGE.format(language=name, fence=language, main=main, prompt=text)
    return CHAT_MESSAGE.format(language=name, fence=language, prompt=prompt.strip("\n"))


def _ids_of_chat(tokenizer: "PreTrainedTokenizerBase", text: str) -> tuple[int, ...]:
    return tuple(tokenizer(text, add_special_tokens=False).input_ids)  # the template has written the special ones
