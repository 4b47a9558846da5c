import pytest
from tiny_models import CHAT_TEMPLATE, byte_level_tokenizer

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.prompts import render_prompt, resolve_form, template_sha256, turn_end_ids

pytestmark = pytest.mark.model

PROMPT = 'def f(x):\n    """Double x."""\n'


@pytest.fixture(scope="module")
def plain():
    return byte_level_tokenizer(adds_bos=True)


@pytest.fixture(scope="module")
def chatty():
    return byte_level_tokenizer(adds_bos=True, chat_template="<s>" + CHAT_TEMPLATE)


def test_a_chat_template_decides_the_form_unless_one_is_asked_for(plain, chatty):
    assert resolve_form("auto", plain) is PromptForm.COMPLETION
    assert resolve_form("auto", chatty) is PromptForm.CHAT
    assert resolve_form("completion", chatty) is PromptForm.COMPLETION


def test_chat_without_a_template_is_refused(plain):
    with pytest.raises(ModelUnusable, match="no chat template; use --prompt-form completion"):
        resolve_form("chat", plain)


def test_a_completion_prompt_is_sent_byte_for_byte_with_one_start_token(plain):
    rendered = render_prompt(plain, PROMPT, form=PromptForm.COMPLETION)
    assert rendered.text == PROMPT
    assert plain.decode(rendered.token_ids) == "<s>" + PROMPT


def test_a_prompt_that_has_the_start_token_gets_no_second_one(plain):
    rendered = render_prompt(plain, "<s>" + PROMPT, form=PromptForm.COMPLETION)
    assert plain.decode(rendered.token_ids) == "<s>" + PROMPT


def test_a_tokenizer_that_closes_every_text_does_not_close_the_prompt():
    from tokenizers import processors

    tokenizer = byte_level_tokenizer()
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    assert tokenizer(PROMPT).input_ids[-1] == tokenizer.eos_token_id
    rendered = render_prompt(tokenizer, PROMPT, form=PromptForm.COMPLETION)
    assert tokenizer.decode(rendered.token_ids) == PROMPT


def test_an_empty_prompt_is_the_start_token():
    rendered = render_prompt(byte_level_tokenizer(), "", form=PromptForm.COMPLETION)
    assert rendered.token_ids == (0,)


def test_a_chat_prompt_asks_for_the_whole_function_in_a_fence_and_has_one_start_token(chatty):
    rendered = render_prompt(chatty, PROMPT, form=PromptForm.CHAT)
    assert rendered.text.startswith("<s><|start|>user\nComplete the following Python function.")
    assert f"```python\n{PROMPT}```<|end|>\n" in rendered.text
    assert rendered.text.endswith("<|start|>assistant\n")
    assert chatty.decode(rendered.token_ids) == rendered.text


def test_a_chat_prompt_names_the_language(chatty):
    text = render_prompt(chatty, "int f(int x) {", form=PromptForm.CHAT, language="cpp").text
    assert "following C++ function" in text
    assert "```cpp\nint f(int x) {\n```" in text


def test_the_token_behind_an_answer_ends_it(chatty):
    assert turn_end_ids(chatty) == {chatty.convert_tokens_to_ids("<|end|>")}


def test_a_template_that_puts_nothing_behind_an_answer_ends_nothing():
    tokenizer = byte_level_tokenizer(chat_template="{% for m in messages %}{{ m['content'] }}\n{% endfor %}")
    assert turn_end_ids(tokenizer) == set()


def test_a_template_that_refuses_the_message_is_named():
    tokenizer = byte_level_tokenizer(chat_template="{{ raise_exception('system message wanted') }}")
    with pytest.raises(ModelUnusable, match="system message wanted"):
        render_prompt(tokenizer, PROMPT, form=PromptForm.CHAT)


def test_the_template_hash_is_of_message_and_template_and_empty_for_a_plain_completion(plain, chatty):
    other = byte_level_tokenizer(chat_template=CHAT_TEMPLATE)
    assert template_sha256(plain, PromptForm.COMPLETION) == ""
    assert template_sha256(chatty, PromptForm.CHAT) != template_sha256(other, PromptForm.CHAT)
