"""A flow whose library is not installed; test_flows asks for it."""

from __future__ import annotations

import importlib

importlib.import_module("a_library_that_nobody_has")
