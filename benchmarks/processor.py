"""CPU time by the operating system: of the whole box, of one process."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def box() -> float:
    """Seconds of CPU the machine has spent in user and kernel code since it started."""
    user, nice, system, _idle, _iowait, irq, softirq, *_ = map(
        int, Path("/proc/stat").read_text().split()[1:9]
    )
    return (user + nice + system + irq + softirq) / TICK


def process(pid: int) -> float:
    """Seconds of CPU one process has spent, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
