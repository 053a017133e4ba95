"""DeepSpeed's configuration, out of ours. Pure."""

from typing import Any

from train.config import EngineConfig, OptimizerConfig
from train.geometry import Geometry
from train.memory import reduce_bucket


def zero_config(
    engine: EngineConfig,
    optimizer: OptimizerConfig,
    geometry: Geometry,
    *,
    parameters: int,
    bf16: bool,
    universal: bool,
) -> dict[str, Any]:
    """The dictionary that deepspeed.initialize takes.

    Args:
        engine: stage and offload.
        optimizer: for clipping.
        geometry: how steps are divided.
        parameters: of the model, embeddings included.
        bf16: train in bf16.
        universal: a universal checkpoint will be loaded.
    """
    zero: dict[str, Any] = {
        "stage": engine.stage,
        "reduce_bucket_size": reduce_bucket(parameters),  # the default holds 5e8 numbers however small the model
        "stage3_gather_16bit_weights_on_model_save": True,
    }
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
        if engine.stage == 1:  # and rounds their sum to bf16 before it is shared, in this stage also on one rank
            found["communication_data_type"] = "fp32"
    return found
