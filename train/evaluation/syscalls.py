"""A filter of system calls for programs that nobody has read: those that hold memory unseen, or open up the kernel.

Pure: makes the bytes of a seccomp filter (kernel: Documentation/userspace-api/seccomp_filter.rst) that jail.py loads.
"""

import errno
import struct
from collections.abc import Iterable

NUMBERS = {
    "x86_64": {
        **{"shmget": 29, "msgget": 68, "ptrace": 101, "mount": 165, "mq_open": 240, "kexec_load": 246},
        **{"add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272, "perf_event_open": 298, "setns": 308},
        **{"process_vm_readv": 310, "process_vm_writev": 311, "memfd_create": 319, "bpf": 321, "userfaultfd": 323},
        **{"io_uring_setup": 425, "memfd_secret": 447},
    },
    "aarch64": {
        **{"shmget": 194, "msgget": 186, "ptrace": 117, "mount": 40, "mq_open": 180, "kexec_load": 104},
        **{"add_key": 217, "request_key": 218, "keyctl": 219, "unshare": 97, "perf_event_open": 241, "setns": 268},
        **{"process_vm_readv": 270, "process_vm_writev": 271, "memfd_create": 279, "bpf": 280, "userfaultfd": 282},
        **{"io_uring_setup": 425, "memfd_secret": 447},
    },
}
"""Refused calls by machine (linux 6.1: asm/unistd_64.h, asm-generic/unistd.h). Memory behind memfd_create, shmget,
msgget and mq_open is counted neither by a process's size nor by the scratch disk's."""

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH of linux/audit.h: other kinds of calls on the same machine (32-bit ones) have other numbers."""

X32 = 0x40000000
"""Bit of the numbers of x32 calls (asm/unistd.h), a third way to the same calls on x86_64."""

LOAD, JUMP_EQUAL, JUMP_GREATER_EQUAL, RETURN = 0x20, 0x15, 0x35, 0x06
"""BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_JMP|BPF_JGE|BPF_K, BPF_RET|BPF_K (linux/bpf_common.h)."""

NUMBER, ARCHITECTURE = 0, 4
"""Offsets in struct seccomp_data."""

ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.ENOSYS
"""SECCOMP_RET_ALLOW, and SECCOMP_RET_ERRNO with the error that programs take for a call that an older kernel lacks."""


def call_filter(machine: str) -> bytes:
    """The filter for a machine, as an array of struct sock_filter; empty for machines that are not known.

    Args:
        machine: as platform.machine() gives it.
    """
    if machine not in NUMBERS:
        return b""
    numbers = sorted(NUMBERS[machine].values())
    refuse = 4 + len(numbers) + 1  # place of the last instruction; jumps count from the one behind the jump
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 0, refuse - 2, ARCHITECTURES[machine]),
        (LOAD, 0, 0, NUMBER),
        (JUMP_GREATER_EQUAL, refuse - 4, 0, X32),
        *((JUMP_EQUAL, refuse - place - 1, 0, number) for place, number in enumerate(numbers, 4)),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]
    return _bytes(program)


def _bytes(program: Iterable[tuple[int, int, int, int]]) -> bytes:
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
