from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from setup.machine import SetupError
from setup.place import HERE
from setup.words import NAME, boot_words


def tables(text: str) -> dict[str, dict[str, str]]:
    return dict(json.loads(text.partition("WORDS = ")[2].removesuffix(";\n")))


def test_the_words_before_python_are_the_catalogues(tmp_path: Path) -> None:
    """Of every language what stands under `boot.`, and nothing else; nothing of the catalogue is run."""
    locale = tmp_path / "pyapp" / "locale"
    locale.mkdir(parents=True)
    for language, text in (("en", "Retry “it”"), ("nl", "Opnieuw")):
        words = f'{{"boot.retry": {text!r}, "retry": "no", "boot.a.b": "{{x}}"}}'
        (locale / f"{language}.py").write_text(f"raise SystemExit\nWORDS: dict[str, str] = {words}\n")
    (locale / "catalogue.py").touch()
    assert tables(boot_words(tmp_path)) == {
        "en": {"retry": "Retry “it”", "a.b": "{x}"},
        "nl": {"retry": "Opnieuw", "a.b": "{x}"},
    }
    (locale / "fr.py").write_text("WORDS = {}\n")
    with pytest.raises(SetupError, match=r"fr\.py has no table of words"):
        boot_words(tmp_path)


def test_the_page_says_the_same_where_no_script_does() -> None:
    """index.html has the English words of the catalogue, and boot.js asks for none that is not there."""
    words = tables((HERE.root / NAME).read_text())
    assert words == tables(boot_words())
    html, script = (HERE.root / "index.html").read_text(), (HERE.root / "web/boot.js").read_text()
    said = dict(re.findall(r'data-word="(\w+)"[^>]*>([^<]*)<', html))
    assert said and said == {key: words["en"][key] for key in said}
    asked = set(re.findall(r'(?:say|fail|tell)\((?:[^()"]*(?:\("[^"]*"\))?, )?"(\w+)"', script))
    asked |= set(re.findall(r'return "(\w+)";', script)) | set(said)
    stages = re.findall(r"const STAGES = \{(.*?)\}", script)[0]
    asked |= {*re.findall(r"\b(\w+): \d+", stages), "bytes", "bytes_only"}
    assert asked == set(words["en"])
