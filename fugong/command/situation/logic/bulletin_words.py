"""The notes beneath a bulletin: what a revision changed, and the seal of the day's trail. Pure; always Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fugong.command.situation.logic.bulletin_members import Changed, Difference

_WORDS = {
    Difference.CORRECTED: "更正数据",
    Difference.REPORTED: "补报",
    Difference.MOVED: "变更管理区域",
    Difference.LEFT: "注销或退出",
    Difference.JOINED: "新增",
    Difference.EXCLUDED: "改为不计入",
    Difference.COUNTED: "恢复计入",
}
_NAMED = 12
_SEAL_SHOWN = 16


def notes_of(revision: int, reason: str, changes: Sequence[Changed], seal: str) -> tuple[str, ...]:
    """The notes of a document; a revision names the enterprises by credit code, the first dozen of them."""
    notes = []
    if revision > 1:
        counts = Counter(changed.what for changed in changes)
        said = "、".join(f"{_WORDS[what]}{counts[what]}家" for what in Difference if counts[what]) or "名录与数据无变化"
        codes = "、".join(changed.line.code for changed in changes[:_NAMED])
        more = f"等{len(changes)}家" if len(changes) > _NAMED else ""
        listed = f"：{codes}{more}" if codes else ""
        notes.append(f"本次修订原因：{reason.rstrip('。')}。与上一版相比，{said}{listed}。")
    if seal:
        notes.append(f"当日操作记录封印：{seal[:_SEAL_SHOWN]}。")
    return tuple(notes)
