"""Wire samples in the shapes that MyOperator documents; ids and numbers are invented. Used literally."""

import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def text(name: str) -> str:
    return (_HERE / f"{name}.json").read_text(encoding="utf-8")


def document(name: str) -> Any:
    return json.loads(text(name))
