"""The installed distribution: one import package, typed, with a version."""

from importlib import resources
from importlib.metadata import version

import pytest

import ucmsim


def test_the_four_folders_are_one_namespace():
    assert getattr(ucmsim, "__file__", None) is None


def test_the_version_comes_from_the_metadata():
    assert version("ucmsim").count(".") == 2


@pytest.mark.parametrize("folder", ["api", "clients", "models", "wsdl"])
def test_each_folder_is_typed(folder):
    assert resources.files(f"ucmsim.{folder}").joinpath("py.typed").is_file()
