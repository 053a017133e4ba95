"""DeepSpeed's configuration, out of ours. Pure."""

from typing import Any

from train.config import EngineConfig, OptimizerConfig
from train.geometry import Geometry


def zero_config(
    engine: EngineConfig, optimizer: OptimizerConfig, geometry: Geometry, *, bf16: bool, universal: bool
) -> dict[str, Any]:
    """The dictionary that deepspeed.initialize takes.

    Args:
        engine: stage and offload.
        optimizer: for clipping.
        geometry: how steps are divided.
        bf16: train in bf16.
        universal: a universal checkpoint will be loaded.
    """
    zero: dict[str, Any] = {"stage": engine.stage, "stage3_gather_16bit_weights_on_model_save": True}
    if engine.offload == "cpu":
        zero["offload_optimizer"] = {"device": "cpu"}
    found: dict[str, Any] = {
        "train_batch_size": geometry.step_sequences,
        "train_micro_batch_size_per_gpu": geometry.micro_batch,
        "gradient_accumulation_steps": geometry.accumulation,
        "gradient_clipping": optimizer.clip,
        "zero_optimization": zero,
        "zero_allow_untested_optimizer": True,
        "zero_force_ds_cpu_optimizer": False,  # torch's AdamW also with offload: nothing is compiled
        "bf16": {"enabled": bf16},
        "steps_per_print": 10**12,
        "checkpoint": {"load_universal": universal},
    }
    if bf16:
        found["data_types"] = {"grad_accum_dtype": "fp32"}  # DeepSpeed adds bf16 gradients in bf16 by default
    return found
