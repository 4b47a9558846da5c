"""Our own failures and the engine's. What a program does wrong is a value (`Execution`), never one of these.

SandboxError                the base
├── EngineUnavailable       no container engine answers; the message holds the command that starts one
├── ImageMissing            the sandbox image is not built; the message holds the command that builds it
├── PolicyNotApplied        a limit or an isolation flag did not take; nothing was run
├── ImageBuildFailed        the base image or a layer on it could not be made
├── SandboxUnavailable      a job did not start; running it again is safe
└── SandboxLost             a job started and its end was not observed
"""


class SandboxError(Exception):
    """Base of everything that the sandbox itself can fail with."""


class EngineUnavailable(SandboxError):
    """No container engine answers."""


class ImageMissing(SandboxError):
    """The sandbox image is not there."""


class PolicyNotApplied(SandboxError):
    """The engine started a container without a limit that was asked for; nothing was run in it."""


class ImageBuildFailed(SandboxError):
    """An image could not be built."""


class SandboxUnavailable(SandboxError):
    """A job did not start."""


class SandboxLost(SandboxError):
    """A job started but its end was not observed."""
