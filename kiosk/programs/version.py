"""Which version of Mpaka runs."""

from importlib.metadata import PackageNotFoundError, version


def package_version() -> str:
    """The version of Mpaka that runs."""
    try:
        return version("mpaka")
    except PackageNotFoundError:
        return "unknown"
