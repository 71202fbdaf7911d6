"""Names the packages below the four folders, which pyproject.toml maps into ``ucmsim``; it knows nothing else."""

from setuptools import find_packages, setup

FOLDERS = ("api", "clients", "models", "wsdl")

setup(
    packages=[
        name
        for folder in FOLDERS
        for name in (f"ucmsim.{folder}", *(f"ucmsim.{folder}.{sub}" for sub in find_packages(folder)))
    ]
)
