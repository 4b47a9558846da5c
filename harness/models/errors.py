"""What loading a model or generating with it can fail with.

ModelError                  the base, a `HarnessError`; exit 2, but where the same command may resume later: exit 4
├── ModelNotFound           nothing is there under the name that was given
├── ModelUnsafe             loading it would run code that somebody else wrote; nothing was loaded
├── ModelUnusable           it is there, but broken, incomplete, or not what was asked for
├── AdapterMismatch         the adapter was made for another base model
├── AdapterInert            the adapter fits, and changes nothing
└── GenerationFailed        a prompt could not be completed
    ├── ModelOutOfMemory    a batch did not fit; a smaller one may
    ├── ServerFailed        the server gave no completion; the same command may resume later
    └── GeneratorsLost      nothing on the cluster holds the model any more; the same command may resume later
"""

from codecrucible.harness.common.errors import EXIT_FAILURE, HarnessError


class ModelError(HarnessError):
    """Base of everything that a model can fail with."""


class ModelNotFound(ModelError):
    """Nothing is there under the name that was given."""


class ModelUnsafe(ModelError):
    """Loading the checkpoint would run code from it (pickle files, or its own Python modules)."""


class ModelUnusable(ModelError):
    """The checkpoint is there, but broken, incomplete, or without what was asked of it."""


class AdapterMismatch(ModelError):
    """The adapter was made for another base model, or its weights do not fit its description."""


class AdapterInert(ModelError):
    """The adapter fits the model and does not change its output."""


class GenerationFailed(ModelError):
    """A prompt could not be completed."""


class ModelOutOfMemory(GenerationFailed):
    """A batch did not fit into the device's memory; a smaller one may."""


class ServerFailed(GenerationFailed):
    """The server gave no completion, however often it was asked; the same command may resume later."""

    exit_code = EXIT_FAILURE


class GeneratorsLost(GenerationFailed):
    """Nothing on the cluster holds the model any more; the same command may resume later."""

    exit_code = EXIT_FAILURE
