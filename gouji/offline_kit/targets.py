"""The machines that kits are made for: which wheels they take, and what the markers of requirements mean there."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.requirements import Requirement

GLIBC = (2, 28)
"""The oldest that wheels may ask for: Debian 10 and what is built upon it."""
_OLDEST_GLIBC = (2, 17)
"""Before it wheels go by one name for all, `manylinux2014` and older ones, which pip knows."""


@dataclass(frozen=True)
class Target:
    """One kind of machine. `name`: in the kit's name; `system`, `machine`: as Python's `platform` says them."""

    name: str
    system: str
    machine: str
    tags: tuple[str, ...]
    """Platform tags of wheels."""

    @property
    def windows(self) -> bool:
        """Whether there is `cmd` there, and no `sh`."""
        return self.system == "Windows"

    def wants(self, requirement: Requirement, python: str, extra: str = "") -> bool:
        """Whether the marker of a requirement holds there, in any release of that version of Python."""
        if requirement.marker is None:
            return True
        environment = {
            "os_name": "nt" if self.windows else "posix",
            "sys_platform": "win32" if self.windows else "linux",
            "platform_system": self.system,
            "platform_machine": self.machine,
            "platform_release": "",
            "platform_version": "",
            "platform_python_implementation": "CPython",
            "implementation_name": "cpython",
            "python_version": python,
            "extra": extra,
        }
        releases = (f"{python}.0", f"{python}.99")
        return any(
            requirement.marker.evaluate(
                environment | {"python_full_version": release, "implementation_version": release}
            )
            for release in releases
        )


def _linux(machine: str) -> Target:
    (major, newest), (_, oldest) = GLIBC, _OLDEST_GLIBC
    numbered = (f"manylinux_{major}_{minor}_{machine}" for minor in range(newest, oldest - 1, -1))
    return Target(f"Linux-{machine}", "Linux", machine, (*numbered, f"manylinux2014_{machine}"))


TARGETS = {
    target.name: target
    for target in (Target("Windows-x64", "Windows", "AMD64", ("win_amd64",)), _linux("x86_64"), _linux("aarch64"))
}
"""Name → the machine."""
