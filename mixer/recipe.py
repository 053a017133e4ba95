"""The configuration of a run: that of all its stages."""

from os.path import normpath

from pydantic import model_validator

from contracts.config import StrictModel
from mixer.config import MixConfig, SplitConfig, TokenizerConfig, check_components
from pairing.config import PairsConfig, ParallelConfig
from pipelines.config import CorpusConfig
from pipelines.executor_config import ExecutorConfig


class Configuration(StrictModel):
    """A whole run: what to read, how to pair and mix, where to work."""

    output: str = "glotmix-out"
    """Folder for all results, relative to this file."""
    corpus: CorpusConfig
    pairs: PairsConfig = PairsConfig()
    parallel: ParallelConfig = ParallelConfig()
    split: SplitConfig = SplitConfig()
    tokenizer: TokenizerConfig = TokenizerConfig()
    mix: MixConfig = MixConfig()
    executor: ExecutorConfig = ExecutorConfig()

    @model_validator(mode="after")
    def _components_are_declared(self) -> "Configuration":
        declared = [source.component for source in self.corpus.sources if source.component]
        if isinstance(self.mix.proportions, dict):
            check_components("mix.proportions", self.mix.proportions, declared)
        check_components("mix.components", self.mix.components, declared)
        return self

    @model_validator(mode="after")
    def _pairs_are_written(self) -> "Configuration":
        """What the mixture takes of the parallel documents must be among those that are written."""
        if not self.mix.wants_pairs:
            return self
        level = self.mix.parallel_level
        levels = ("file", "function") if level == "both" else (level,)
        for key, values, there in (
            ("form", (self.mix.parallel_form,), self.parallel.forms),
            ("level", levels, self.parallel.levels),
        ):
            missing = [value for value in values if value not in there]
            if missing:
                raise ValueError(
                    f"mix.parallel_{key} needs {missing[0]}, and parallel.{key}s has {', '.join(there)}; add it there"
                )
        return self

    @model_validator(mode="after")
    def _tokens_are_counted_for_the_tokenizer(self) -> "Configuration":
        """Parallel documents that are made to fit must fit by the tokenizer of the mixture."""
        if not self.mix.wants_pairs or self.parallel.max_tokens is None:
            return self
        if self.parallel.tokenizer is not None:
            self._one_tokenizer(self.parallel.tokenizer)
            return self
        if self.tokenizer.path is not None:
            raise ValueError(
                f"parallel.max_tokens is estimated, and there is tokenizer.path ({self.tokenizer.path}); count with "
                "it: set parallel.tokenizer to the same file"
            )
        if self.tokenizer.vocab_size < self.parallel.vocab_size:
            raise ValueError(
                f"parallel.vocab_size is {self.parallel.vocab_size:,}, and tokenizer.vocab_size "
                f"{self.tokenizer.vocab_size:,}, with which texts have more tokens than parallel.max_tokens is "
                "estimated for; give both the same"
            )
        return self

    def _one_tokenizer(self, counting: str) -> None:
        """What counts must be what encodes, where both are files; paths start from the configuration's folder."""
        encoding = self.tokenizer.path
        if encoding is not None and normpath(counting) != normpath(encoding):
            raise ValueError(
                f"parallel.tokenizer is {counting}, and tokenizer.path {encoding}, by which texts may have more "
                "tokens than parallel.max_tokens; give both the same file"
            )
