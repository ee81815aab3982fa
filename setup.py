"""Where the packages lie: the rooms stand at the top of the repository, and are installed inside `gouji`.

Everything else is in pyproject.toml. Rooms of their own name in everybody's site-packages would overwrite, or be
overwritten by, packages of that name (configobj installs a `validate`).
"""

from setuptools import find_packages, setup

HOUSE = "gouji"
TOOLS = "offline_kit"  # of the checkout: makes kits of the installed program
ROOMS = ("export", "ingest", "samples", "score", "templates", "validate")


def packages(room: str) -> list[str]:
    return [room, *(f"{room}.{inner}" for inner in find_packages(room, exclude=[f"{TOOLS}*"]))]


setup(
    packages=[*packages(HOUSE), *(f"{HOUSE}.{name}" for room in ROOMS for name in packages(room))],
    package_dir={HOUSE: HOUSE, **{f"{HOUSE}.{room}": room for room in ROOMS}},
    # Form definitions and samples are data of the application: every file inside these folders travels in the wheel.
    package_data={"": ["**/*"]},
    exclude_package_data={"": ["**/*.pyc"], HOUSE: [f"{TOOLS}/*"]},
)
