"""Chat templates of every temper: what they make of a chat, and what is said where they do not take it."""

import json
from datetime import date

import pytest
from tiny_models import CHAT_TEMPLATE, byte_level_tokenizer, load_with, save_tiny_llama

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.models.chat_settings import PLAIN_CHAT, ChatSettings
from codecrucible.harness.models.chat_template import DATE, chat_template_sha256, is_dated, turn_end
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.prompts import conversation_ids, render_prompt, resolve_form, turn_end_ids

pytestmark = pytest.mark.model

PROMPT = "def f(x):\n"
LOOP = "{% for m in messages %}<|start|>{{ m['role'] }}\n"
CLOSE = "<|end|>\n{% endfor %}{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
PARTS = (
    LOOP
    + "{% for part in m['content'] %}{% if part['type'] == 'text' %}{{ part['text'] }}{% endif %}{% endfor %}"
    + CLOSE
)
STRICT_PARTS = (
    LOOP
    + "{% if m['content'] is string %}{{ raise_exception('content has parts') }}{% endif %}{{ m['content'][0].text }}"
    + CLOSE
)


def with_template(template):
    return byte_level_tokenizer(chat_template=template)


def rendered(template, **chat):
    return render_prompt(with_template(template), PROMPT, form=PromptForm.CHAT, chat=ChatSettings(**chat)).text


@pytest.mark.parametrize("template", [CHAT_TEMPLATE, PARTS, STRICT_PARTS], ids=["text", "parts", "parts alone"])
def test_a_template_gets_the_content_as_it_wants_it(template):
    text = rendered(template)
    assert text.count("Complete the following Python function.") == 1
    assert text.endswith("```<|end|>\n<|start|>assistant\n")
    assert turn_end_ids(with_template(template)) == {3}


ONLY_USER = "{% for m in messages if m['role'] == 'user' %}USER: {{ m['content'] }}\n{% endfor %}ASSISTANT:"


CONTENT = "{{ m['content'] }}"


def answering(what):
    """A template that does this with an assistant's turn."""
    return LOOP + "{% if m['role'] == 'assistant' %}" + what + "{% else %}" + CONTENT + "{% endif %}" + CLOSE


REFUSAL = "{{ raise_exception('no') }}"


@pytest.mark.parametrize(
    ("template", "ids"),
    [
        (ONLY_USER, set()),  # drops it
        (answering(""), set()),
        (answering("{{ m['content'] | upper }}"), {3}),
        (answering("{{ m['content'].split('</think>')[-1] }}"), {3}),
        (answering(REFUSAL), set()),
        (answering("{% if loop.last %}" + REFUSAL + "{% else %}" + CONTENT + "{% endif %}"), {3}),
        (answering("{{ m['content'] + m['thoughts'] }}"), set()),
        (answering("{{ 1 / 0 }}"), set()),
        ("{{ messages[0]['content'] }}{% if messages | length > 1 %}{{ messages['x']['y'] }}{% endif %}", set()),
    ],
)
def test_a_template_that_drops_changes_or_refuses_an_answer_is_asked_all_the_same(template, ids):
    tokenizer = with_template(template)
    assert "def f(x):" in render_prompt(tokenizer, PROMPT, form=PromptForm.CHAT).text
    assert turn_end_ids(tokenizer) == ids


def test_a_template_that_lets_no_answer_be_seen_is_told_from_one_that_puts_nothing_behind_it():
    assert turn_end(with_template(ONLY_USER), {}) is None
    assert turn_end(with_template("{% for m in messages %}{{ m['content'] }}{% endfor %}"), {}) == ""


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{{ raise_exception('tools wanted') }}", "tools wanted"),
        ("{% for m in messages %}{{ m['role'] }}{% endfor %}", "the message of the user is not in what it makes"),
        ("nothing", "the message of the user is not in what it makes"),
        ("{{ messages[7]['content']['a'] }}", "UndefinedError"),
        ("{% for %}", "TemplateSyntaxError"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ messages[0]['content'] + 1 }}", "TypeError"),
        ("{{ messages.__class__.__mro__ }}", "SecurityError|not in what it makes"),
    ],
)
def test_a_template_that_does_not_take_the_message_is_named_with_what_it_says(template, told):
    with pytest.raises(
        ModelUnusable, match=rf"does not take a user message \(.*({told}).*use --prompt-form completion"
    ):
        rendered(template)


def test_a_system_prompt_comes_before_the_message_and_one_that_is_not_taken_is_no_prompt():
    assert rendered(CHAT_TEMPLATE, system_prompt="Be brief.").startswith(
        "<|start|>system\nBe brief.<|end|>\n<|start|>user"
    )
    refusing = (
        "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system here') }}{% endif %}" + CHAT_TEMPLATE
    )
    with pytest.raises(ModelUnusable, match=r"no system here.*leave the system message \(--system-prompt\) away"):
        rendered(refusing, system_prompt="Be brief.")
    with pytest.raises(ModelUnusable, match="the message of the system is not in what it makes"):
        rendered(ONLY_USER, system_prompt="Be brief.")


def save_templates(folder, templates):
    save_tiny_llama(folder)
    config = json.loads((folder / "tokenizer_config.json").read_text())
    config["chat_template"] = [{"name": name, "template": text} for name, text in templates.items()]
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return str(folder)


def test_of_several_templates_the_default_is_taken_or_the_only_one(tmp_path):
    for number, templates in enumerate(({"default": CHAT_TEMPLATE, "rag": "no"}, {"chat": CHAT_TEMPLATE})):
        model = load_with(save_templates(tmp_path / str(number), templates), dtype="float32", device="cpu")
        assert model.prompt_form is PromptForm.CHAT
        assert model.render(PROMPT).text.endswith("<|start|>assistant\n")


def test_several_templates_without_a_default_are_named_and_a_plain_completion_needs_none(tmp_path):
    folder = save_templates(tmp_path / "two", {"rag": CHAT_TEMPLATE, "tool_use": CHAT_TEMPLATE})
    for form in ("auto", "chat"):
        with pytest.raises(
            ModelUnusable, match=r"has the chat templates rag, tool_use, and none .*--prompt-form completion"
        ):
            load_with(folder, dtype="float32", device="cpu", prompt_form=form)
    model = load_with(folder, dtype="float32", device="cpu", prompt_form="completion")
    assert model.render(PROMPT).text == PROMPT
    assert model.facts.chat_template_sha256


def test_the_hash_of_a_template_is_that_of_its_text():
    from hashlib import sha256

    assert chat_template_sha256(with_template(CHAT_TEMPLATE)) == sha256(CHAT_TEMPLATE.encode()).hexdigest()
    assert chat_template_sha256(byte_level_tokenizer()) == ""


# ---- what a template is asked for

THINKING = (
    CHAT_TEMPLATE + "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}"
)


def test_the_variables_of_a_template_are_given_and_a_change_of_them_changes_the_prompt():
    assert not rendered(THINKING).endswith("</think>\n\n")
    assert rendered(THINKING, template_kwargs={"enable_thinking": False}).endswith("<think>\n\n</think>\n\n")


@pytest.mark.parametrize(
    "name", ["enable_thinkng", "messages", "tokenize", "add_generation_prompt", "strftime_now", ".*"]
)
def test_a_variable_that_the_template_does_not_read_is_refused(tmp_path, name):
    folder = save_tiny_llama(tmp_path / "m", chat_template=THINKING)
    with pytest.raises(ModelUnusable, match="which is no variable of the chat template"):
        load_with(str(folder), dtype="float32", device="cpu", chat=ChatSettings(template_kwargs={name: True}))


@pytest.mark.parametrize(
    "asked", [{"template_kwargs": {"enable_thinking": False}}, {"system_prompt": "x"}, {"reasoning_budget": 3}]
)
def test_what_only_a_chat_has_is_refused_where_prompts_are_continued(tiny_folder, asked):
    with pytest.raises(ModelUnusable, match=r"only a chat has that.*--prompt-form chat"):
        load_with(str(tiny_folder), dtype="float32", device="cpu", chat=ChatSettings(**asked))


def test_what_is_at_its_default_is_no_part_of_a_runs_identity():
    assert PLAIN_CHAT.asked == {}
    asked = ChatSettings(template_kwargs={"a": None}, system_prompt="x", reasoning_budget=0).asked
    assert asked == {"chat_template_kwargs": {"a": None}, "system_prompt": "x", "reasoning_budget": 0}
    with pytest.raises(ValueError, match="give 0 tokens or more"):
        ChatSettings(reasoning_budget=-1)


# ---- today's date

LLAMA = (
    "{% if not date_string is defined %}"
    "{% if strftime_now is defined %}{% set date_string = strftime_now('%d %b %Y') %}"
    "{% else %}{% set date_string = '26 Jul 2024' %}{% endif %}{% endif %}Today: {{ date_string }}\n" + CHAT_TEMPLATE
)
FORMATS = ["%d %b %Y", "%Y-%m-%d", "%B %d, %Y", "%A, %-d %B %Y", "%H:%M", "%j", "%e.%-m.%y", "%F", "now"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_dated_template_gives_the_same_prompt_on_every_day(form):
    text = rendered("{{ strftime_now('" + form + "') }}|" + CHAT_TEMPLATE)
    assert text.partition("|")[0] == DATE.strftime(form)
    assert text.partition("|")[0] != date.today().strftime(form) or form in ("%H:%M", "now")  # noqa: DTZ011


def test_the_day_is_recorded_unless_the_template_is_given_one():
    tokenizer = with_template(LLAMA)
    assert "Today: 26 Jul 2024\n" in rendered(LLAMA)
    assert "Today: 1 May 2030\n" in rendered(LLAMA, template_kwargs={"date_string": "1 May 2030"})
    assert is_dated(tokenizer, {})
    assert not is_dated(tokenizer, {"date_string": "1 May 2030"})
    assert not is_dated(with_template(CHAT_TEMPLATE), {})


@pytest.mark.parametrize(
    "template", ["\n  \n" + CHAT_TEMPLATE, "  {% if true %}\n x{% endif %}\n" + CHAT_TEMPLATE, "\n" + LLAMA]
)
def test_pinning_the_day_changes_no_other_byte_of_a_prompt(template):
    dated = template + "{% if false %}{{ strftime_now('%d') }}{% endif %}"
    messages = [{"role": "user", "content": "x"}]
    tokenizer = with_template(dated)
    alone = tokenizer.apply_chat_template(
        messages, tokenize=False, add_generation_prompt=True, date_string="26 Jul 2024"
    )
    assert tokenizer.decode(conversation_ids(tokenizer, messages)) == alone


def test_a_model_says_which_day_it_tells(tmp_path):
    folder = str(save_tiny_llama(tmp_path / "m", chat_template=LLAMA))
    assert load_with(folder, dtype="float32", device="cpu").prompt_date == "2024-07-26"
    assert load_with(folder, dtype="float32", device="cpu", prompt_form="completion").prompt_date == ""


def test_a_form_is_resolved_by_the_template_that_is_there():
    assert resolve_form("auto", with_template(PARTS)) is PromptForm.CHAT
