"""What is asked of a model, and what it returns."""

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One completion that is wanted.

    Attributes:
        problem_id: The benchmark's task id.
        sample_index: From 0 within the problem.
        prompt: The problem's prompt, before any chat template.
        stop: Strings at which a plain completion has ended; a chat answer ends by itself.
        language: Language of the program that is asked for.
        whole: Whether a whole program is asked for, and not the function that the prompt begins.
        suffix: What stands behind the gap that is to be filled, None without a gap.
        message: What a chat is asked, "" for a message made of `prompt`.
    """

    problem_id: str
    sample_index: int
    prompt: str
    stop: tuple[str, ...] = ()
    language: str = "python"
    whole: bool = False
    suffix: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPrompt:
    """What a model is sent for a prompt.

    Attributes:
        text: Chat template applied, if any.
        token_ids: As the model reads them; empty if the backend keeps them to itself.
    """

    text: str
    token_ids: tuple[int, ...]

    @property
    def sha256(self) -> str:
        """Digest of the token ids in decimal, separated by commas; of the text in UTF-8 where the ids are unknown."""
        shown = ",".join(map(str, self.token_ids)) or self.text
        return sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest:
    """A request as a model takes it.

    Attributes:
        request: What is wanted.
        rendered: What the model is sent for it.
        max_new_tokens: Tokens after which it is cut off: the run's own limit, or what the context has left.
    """

    request: Request
    rendered: RenderedPrompt
    max_new_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """What a model returned for one request.

    Attributes:
        problem_id: The benchmark's task id.
        sample_index: From 0 within the problem.
        prompt: The text the model was sent.
        prompt_sha256: See `RenderedPrompt.sha256`.
        completion: The text it returned, up to the stop string if one came; not stripped.
        finish_reason: "stop" if it ended by itself or at a stop string, "length" if it was cut off, "content_filter" if
            a server's filter cut it.
        prompt_tokens: Tokens of the prompt, or None if unknown.
        completion_tokens: Tokens that were computed for it, an end token and those of the stop string included, or None
            if unknown.
        max_new_tokens: Tokens it could have had; less than the run's limit if the context was too short for that.
        no_answer: Why there is no answer in it, where the model knows that, such as "refused"; else "".
    """

    problem_id: str
    sample_index: int
    prompt: str
    prompt_sha256: str
    completion: str
    finish_reason: str
    prompt_tokens: int | None
    completion_tokens: int | None
    max_new_tokens: int
    no_answer: str = ""


def sample_key(request: Request) -> tuple[str, int]:
    """Problem id and sample index."""
    return request.problem_id, request.sample_index
