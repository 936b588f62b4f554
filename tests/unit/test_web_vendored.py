"""Files of others that we serve: the very ones that their list names."""

import hashlib
import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "web" / "static" / "vendor"
ROW = re.compile(r"^\| `([\w.]+)` \| .* \| `([0-9a-f]{64})` \|$", re.MULTILINE)


def test_each_file_of_others_is_the_one_that_is_listed_and_has_its_licence() -> None:
    listed = dict(ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8")))
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FOLDER.glob("*.js")}
    assert found == listed
    assert "MIT License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")
