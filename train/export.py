"""Models in transformers' format: written at the points of a run, and read back."""

import contextlib
import io
import json
import pickle
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from transformers.utils import logging as transformers_logging

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.files import TEMPORARY_PREFIX
from train.engines.deepspeed_engine import UNIVERSAL, convert
from train.engines.plain import FILE
from train.models_at_hand import EXPORTED, MODEL, STATE, require_model


def export(model: Any, weights: dict[str, torch.Tensor], tokenizer: Path | None, folder: Path) -> None:
    """Write a model so that `from_pretrained` loads it, and its tokenizer beside it.

    Args:
        model: whose configuration is written.
        weights: all parameters.
        tokenizer: folder of the tokenizer stage; None: write none.
        folder: to write; replaced if it is there.
    """
    temporary = folder.parent / f"{TEMPORARY_PREFIX}{folder.name}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    config = type(model.config).from_dict(model.config.to_dict())
    config.dtype = next(iter(weights.values())).dtype
    with torch.device("meta"):
        shell = type(model)(config)
    transformers_logging.disable_progress_bar()
    shell.save_pretrained(temporary, state_dict={name: value.cpu() for name, value in weights.items()})
    if tokenizer is not None:
        _tokenizer(tokenizer).save_pretrained(temporary)
    shutil.rmtree(folder, ignore_errors=True)
    temporary.rename(folder)


def _tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    facts = manifests.read(folder)
    assert facts is not None  # prepare() looked
    counts = facts.counts
    made = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    made.eos_token = made.convert_ids_to_tokens(counts["end_id"])
    made.pad_token = made.convert_ids_to_tokens(counts["pad_id"])
    return made


def load_model(folder: Path) -> Any:
    """A model in fp32 on the CPU, from an export or from a checkpoint of a run.

    Checkpoints of DeepSpeed hold pickled objects, which can run code when they are read: load only what you trust.
    Exports are safetensors, which cannot.

    Args:
        folder: with config.json and model.safetensors, or a checkpoint below a run's checkpoints/.

    Raises:
        ConfigError: it is neither.
        StageError: it is damaged.
    """
    if (require_model(folder) / EXPORTED).is_file():
        transformers_logging.disable_progress_bar()
        try:
            return AutoModelForCausalLM.from_pretrained(
                folder, dtype=torch.float32, local_files_only=True, use_safetensors=True, trust_remote_code=False
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise StageError(f"{folder}: transformers cannot load it ({error})") from error
    return _from_checkpoint(folder)


def _from_checkpoint(folder: Path) -> Any:
    from transformers import LlamaConfig

    from train.models import build

    path = folder.resolve().parent / MODEL
    try:
        model = build(LlamaConfig.from_dict(json.loads(path.read_text(encoding="utf-8"))), None)
    except (OSError, ValueError) as error:
        raise StageError(f"{path}: cannot be read ({error}); it lies beside the checkpoints of a run") from error
    try:
        model.load_state_dict(_weights(folder / STATE), strict=not model.config.tie_word_embeddings)
    except (OSError, EOFError, KeyError, RuntimeError, ValueError, pickle.UnpicklingError) as error:
        raise StageError(f"{folder}: cannot be read ({type(error).__name__}: {error})") from error
    return model


def _weights(state: Path) -> dict[str, torch.Tensor]:
    """The weights in a checkpoint, in fp32 where it has them."""
    if (state / FILE).is_file():
        loaded: dict[str, torch.Tensor] = torch.load(state / FILE, map_location="cpu", weights_only=True)["model"]
        return loaded
    found = _gathered(state)
    return {name.removeprefix("model."): value for name, value in found.items()}


def _gathered(state: Path) -> dict[str, torch.Tensor]:
    """What DeepSpeed has written, by what it calls the parameters."""
    whole = state / "mp_rank_00_model_states.pt"  # of ZeRO 0 to 2
    if whole.is_file() and list(
        state.glob("bf16_zero_*")
    ):  # which zero_to_fp32 of DeepSpeed 0.19.8 refuses for ZeRO 1
        with tempfile.TemporaryDirectory() as folder:
            convert(state.parent, Path(folder) / UNIVERSAL)
            return {
                path.parent.name: torch.load(path, map_location="cpu", weights_only=False)["param"]
                for path in (Path(folder) / UNIVERSAL / "zero").glob("*/fp32.pt")
            }
    if not list(state.glob("*_optim_states.pt")):  # ZeRO 0
        module: dict[str, torch.Tensor] = torch.load(whole, map_location="cpu", weights_only=False)["module"]
        return module
    from deepspeed.utils.zero_to_fp32 import get_fp32_state_dict_from_zero_checkpoint

    with contextlib.redirect_stdout(io.StringIO()):  # it prints what it does
        gathered: dict[str, torch.Tensor] = get_fp32_state_dict_from_zero_checkpoint(str(state.parent), tag=state.name)
    return gathered
