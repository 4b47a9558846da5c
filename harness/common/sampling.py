"""How completions are drawn, and the random numbers that draw them."""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How the completions of one run are drawn. The defaults are greedy.

    Attributes:
        n: Samples a problem, at least 1.
        temperature: 0 takes the likeliest token always; else logits are divided by it.
        top_p: Mass of the smallest set of likeliest tokens that one is drawn from, in (0, 1].
        top_k: Likeliest tokens that one is drawn from; 0 means all of them.
        max_new_tokens: Tokens after which a completion is cut off, at least 1.
        seed: Makes the draws repeatable, at least 0.
        batch_size: Rows decoded at one time; None leaves it to the model.

    Raises:
        ValueError: if a value is out of its range, or several samples are asked for at temperature 0.
    """

    n: int = 1
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    max_new_tokens: int = 512
    seed: int = 0
    batch_size: int | None = None

    def __post_init__(self) -> None:
        for name, least in (("n", 1), ("temperature", 0), ("top_k", 0), ("max_new_tokens", 1), ("seed", 0)):
            if not getattr(self, name) >= least:  # so written, a NaN is refused as well
                raise ValueError(f"{name} is {getattr(self, name)}; give {least} or more")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p is {self.top_p}; give a number above 0 and at most 1 (1 keeps every token)")
        if self.batch_size is not None and self.batch_size < 1:
            raise ValueError(f"batch_size is {self.batch_size}; give 1 or more, or none to let the model choose")
        if self.greedy and self.n > 1:
            raise ValueError(
                f"temperature 0 with n = {self.n} would write {self.n} identical samples per problem; "
                "give n = 1, or a temperature above 0 (0.8 is usual for pass@10)"
            )

    @property
    def greedy(self) -> bool:
        """Whether the likeliest token is always taken."""
        return self.temperature == 0


def uniforms(*, seed: int, problem_id: str, sample_index: int, count: int) -> "npt.NDArray[np.float64]":
    """The numbers that draw one sample: shape (count,), each in [0, 1).

    They depend on nothing but the arguments, so a sample is the same in any batch, in any order and after a resume; and
    a longer list starts with the shorter one.
    """
    import numpy as np

    # "surrogatepass", so that any str has a digest.
    name = problem_id.encode("utf-8", "surrogatepass")
    key = sha256(f"{seed}/{sample_index}/".encode() + name).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(key[:16], "big"))).random(count)


RUN_SAMPLING = Sampling(n=20, temperature=0.2, top_p=0.95)
"""What a run is sampled with where nothing else is asked for."""
