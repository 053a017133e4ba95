"""`python -m train CONFIG`: what torchrun, srun and the deepspeed launcher start, once for each rank."""

import argparse
import sys
import warnings
from pathlib import Path

from contracts.config import override, read_yaml, validate
from contracts.errors import ConfigError, GlotmixError
from train.config import TrainConfig

FAILED, BAD_CONFIGURATION, INTERRUPTED = 1, 2, 130


def load(path: Path, assignments: list[str]) -> tuple[TrainConfig, Path]:
    """A configuration, and the folder that its paths start from.

    Raises:
        ConfigError: it cannot be read or run.
    """
    if not path.exists():
        raise ConfigError(f"{path}: no such file. Write one with: glotmix train {path} --init MIXTURE")
    data = override(read_yaml(path), assignments)
    return validate(TrainConfig, data, str(path)), path.resolve().parent


def quiet() -> None:
    """Hide what cannot be acted on: DeepSpeed 0.19.8 calls functions that torch 2.13 has renamed, at every tensor."""
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"torch\.distributed")


def main(arguments: list[str] | None = None) -> int:
    """Train one run; the exit code."""
    parser = argparse.ArgumentParser("python -m train", description="Train one run, as one rank of it.")
    parser.add_argument("config", type=Path, help="YAML file of the run.")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="Override an option.")
    parser.add_argument("--local_rank", "--local-rank", type=int, help="Given by the deepspeed launcher; not needed.")
    given = parser.parse_args(arguments)
    quiet()
    try:
        config, base = load(given.config, given.set)
        from train.distributed import leaving
        from train.trainer import train

        with leaving():
            train(config, base, lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201
    except ConfigError as error:
        print(f"configuration: {error}", file=sys.stderr)  # noqa: T201
        return BAD_CONFIGURATION
    except GlotmixError as error:
        print(f"failed: {error}", file=sys.stderr)  # noqa: T201
        return FAILED
    except KeyboardInterrupt as error:
        print(f"interrupted: {error}; the same command goes on", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
