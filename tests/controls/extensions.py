"""The guards round a portal's own Python files: what they may be, and whom they cost when they fail."""

from __future__ import annotations

from .guard import Guard

LOADED = "test_extensions.py::test_a_file_that_cannot_be_used_is_said_and_costs_nobody_else"
NAMED = "test_settings.py::test_extensions_are_of_our_own_origin_or_a_listed_one"

EXTENSION_GUARDS = (
    Guard(
        "a portal's file that cannot be imported",
        "extensions.py",
        "        except BaseException as error:\n            self._failed(source.name",
        "        except KeyError as error:\n            self._failed(source.name",
        LOADED,
    ),
    Guard(
        "a portal's file that raises when it registers",
        "extensions.py",
        '        except BaseException as error:\n            self._failed(name, "register", error)',
        '        except KeyError as error:\n            self._failed(name, "register", error)',
        LOADED,
    ),
    Guard(
        "a part of a portal's that cannot be added",
        "extensions.py",
        "            except BaseException as error:\n                self._failed(name, part[0], error)",
        "            except KeyError as error:\n                self._failed(name, part[0], error)",
        "test_extensions.py::test_a_part_that_cannot_be_added_leaves_the_others",
    ),
    Guard(
        "a type of a portal's that ends the program",
        "contract/own.py",
        "        except BaseException as error:",
        "        except Exception as error:",
        "contract/test_own.py::test_a_type_that_ends_the_program_costs_its_message",
    ),
    Guard(
        "a type of a portal's that moves its message",
        "contract/own.py",
        "                return _placed(own, common)\n",
        "                return own\n",
        "contract/test_own.py::test_a_type_cannot_move_its_message_to_another_place",
    ),
    Guard(
        "a message before the part that reads it",
        "extensions.py",
        "            self._task = asyncio.ensure_future(self._load(then))\n",
        "            then()\n            self._task = asyncio.ensure_future(self._load(lambda: None))\n",
        "test_extensions.py::test_the_page_connects_once_its_files_are_there",
    ),
    Guard(
        "a portal's file that was exchanged",
        "extensions.py",
        "        if source.integrity not in (",
        "        if False and source.integrity not in (",
        "test_extensions.py::test_only_the_very_file_that_was_named_is_run",
    ),
    Guard(
        "a tab of a portal's that takes another one's place",
        "extensions.py",
        "        if name in self._tabs:\n",
        "        if False:\n",
        "test_extensions.py::test_a_second_tab_of_one_name_is_said_and_the_first_keeps_its_place",
    ),
    Guard(
        "a file that is hashed with its byte order mark",
        "flowglow/extensions.py",
        '.decode("utf-8-sig")',
        ".decode()",
        "flowglow/test_settings.py::test_a_byte_order_mark_is_no_part_of_what_is_served",
    ),
    Guard(
        "Python that an address names",
        "settings.py",
        '        extensions=reader.sources(portal.get("extensions")),\n',
        '        extensions=reader.sources([*(portal.get("extensions") or []), str(values.get("extensions"))]),\n',
        NAMED,
    ),
    Guard(
        "Python of a foreign origin",
        "settings.py",
        "        if origin in self._allowed or both_local:\n",
        "        if True:\n",
        NAMED,
    ),
    Guard(
        "Python of another program on the visitor's machine",
        "settings.py",
        '("http", "https"), on_loopback=False)',
        '("http", "https"), on_loopback=True)',
        NAMED,
    ),
    Guard(
        "a node that a portal cannot draw",
        "views/canvas/own_nodes.py",
        "            place.replaceChildren(*node_head(self.parts, node))\n            raise\n",
        "            raise\n",
        "views/canvas/test_own_nodes.py::test_a_node_that_cannot_be_drawn_is_drawn_as_all_others",
    ),
    Guard(
        "a type of messages that claims a name of the contract",
        "contract/own.py",
        "    if taken:\n",
        "    if not names:\n",
        "contract/test_own.py::test_names_are_a_types_own",
    ),
)
