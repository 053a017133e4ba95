"""Turns errors of torch, DeepSpeed, NCCL and gloo into ours: what happened, and what to do next.

Imports no torch, so that a missing torch is explained too.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import ConfigError, StageError
from train.config import TrainConfig
from train.shortage import advice, shortage

INSTALL = "pip install -c constraints.txt -e '.[train]'"

PACKAGES = {"torch", "transformers", "deepspeed"}
"""What the extra `train` holds."""

AGAIN = "What was saved stays: the same command goes on from the last checkpoint"

FIRST = "look for the first error in the output of the other ranks (one that was killed says nothing; see dmesg)"


@dataclass(frozen=True, slots=True)
class _Known:
    """An error that is known by its text; {0}, {1} ... in what is told are its groups."""

    pattern: str
    told: str


_KNOWN = (
    # of rendezvous: torch 2.13, csrc/distributed/c10d/TCPStore and socket.cpp; tests raise them
    _Known(
        r"Timed out after (\d+) seconds waiting for clients\. (\d+)/(\d+) clients joined",
        "only {1} of {2} ranks came within {0} s (launch.timeout). Start all of them, with the same MASTER_ADDR and "
        "MASTER_PORT",
    ),
    _Known(
        r"client socket has timed out .*connect to \((.+), (\d+)\)",
        "rank 0 cannot be reached at {0}, port {1}, within launch.timeout. Check that rank 0 runs, that MASTER_ADDR "
        "is its machine, and that no firewall stands between",
    ),
    _Known(
        r"failed to listen on any local network address\. port: (\d+).*EADDRINUSE",
        "port {0} is taken by another program on this machine. Give another one: MASTER_PORT, torchrun --master-port",
    ),
    # of ranks at work: gloo's transport/tcp; ncclResult_t of nccl.h
    _Known(
        r"Connection closed by peer|Connection reset by peer|Broken pipe|ncclRemoteError|remote process exited",
        f"another rank has ended, or cannot be reached any more; {FIRST}. {AGAIN}",
    ),
    _Known(
        r"Timed out waiting (\d+)ms for \w+ operation|Watchdog caught collective operation timeout|wait timeout after",
        "a rank waited longer than launch.timeout for the others: one of them hangs, or is slower than that. If it is "
        f"slow (reading, saving), raise launch.timeout; else {FIRST}. {AGAIN}",
    ),
    _Known(
        r"Duplicate GPU detected",
        "two ranks of this machine use the same GPU. Start one rank for each GPU: torchrun --nproc-per-node, srun "
        "--ntasks-per-node with --gpus-per-node, deepspeed slots=",
    ),
    _Known(
        r"ncclSystemError|unhandled system error|no socket interface found|ncclInternalError",
        "NCCL cannot use the network between the ranks. NCCL_DEBUG=INFO tells why; NCCL_SOCKET_IFNAME names the "
        "interface to use, NCCL_IB_DISABLE=1 avoids InfiniBand",
    ),
    # of CUDA: c10/cuda/CUDAFunctions.cpp, cudaGetErrorString
    _Known(
        r"NVIDIA driver on your system is too old|driver version is insufficient|Found no NVIDIA driver",
        "the NVIDIA driver is missing, or too old for this torch. Update it, or install a torch built for an older "
        "CUDA (see docs/launching.md); to train without a GPU: --set launch.device=cpu",
    ),
    _Known(
        r"no kernel image is available",
        "this torch is not built for this GPU. Install one that is (python -c 'import torch; "
        "print(torch.cuda.get_arch_list())' lists them; see docs/launching.md)",
    ),
    _Known(
        r"uncorrectable ECC error|Xid|unspecified launch failure|illegal memory access|device-side assert",
        f"the GPU reported a fault. If it comes again on the same machine, leave that out. {AGAIN}",
    ),
    _Known(
        r"Failed to find C compiler|No working C\+\+ compiler found|InvalidCxxCompiler",
        "engine.compile and engine.attention: flex need a C and C++ compiler. Install one (Debian: apt-get install "
        "g++), or --set engine.compile=false --set engine.attention=auto",
    ),
)


def explanation(error: BaseException) -> str | None:
    """What an error means and what to do next; None where it is not known.

    Args:
        error: as torch, DeepSpeed, NCCL or gloo raised it.
    """
    if isinstance(error, ModuleNotFoundError):
        name = (error.name or "").partition(".")[0]
        return f"the package {name} is not installed; training needs: {INSTALL}" if name in PACKAGES else None
    text = str(error)
    for known in _KNOWN:
        match = re.search(known.pattern, text, re.DOTALL)
        if match is not None:
            return known.told.format(*match.groups()) + f" ({_line(text)})"
    return None


def _line(text: str) -> str:
    """The first line of a message, without the stack of C++ functions that follows it."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 300 else line[:300] + "..."


@contextmanager
def explained(config: TrainConfig | None = None, base: Path = Path()) -> Iterator[None]:
    """Raise our errors in place of those of torch, DeepSpeed, NCCL and gloo that are known; others pass.

    Args:
        config: of the run; None: it is not read yet.
        base: folder that its paths start from.

    Raises:
        ConfigError: a package is missing.
        StageError: out of memory, a lost rank, a time-out, a fault of a driver or a GPU.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        told = explanation(error)
        if told is None:
            raise
        raise ConfigError(told) from error
    except (RuntimeError, MemoryError) as error:  # torch's, also out of memory and distributed errors
        found = shortage(error)
        told = explanation(error) if found is None else advice(found, config, base)
        if told is None:
            raise
        raise StageError(told) from error
