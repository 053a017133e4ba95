"""Errors a user can act on: each names the key, the value, what is allowed and the next command."""


class GlotmixError(Exception):
    """Base of every error that glotmix raises on purpose; the front door prints it and exits with 1."""


class ConfigError(GlotmixError):
    """A configuration that cannot be run (unknown key, impossible value or combination); exit code 2."""


class SourceError(GlotmixError):
    """A source that cannot be listed or read: a missing path, nothing in it, an unknown commit, a lost machine."""


class StageError(GlotmixError):
    """A stage that could not finish; what was done stays on disk and the same command resumes it."""


class StaleStageError(StageError):
    """A finished stage that does not match its inputs or configuration any more."""


class PlanError(GlotmixError):
    """A mixture that cannot be met from the tokens at hand."""
