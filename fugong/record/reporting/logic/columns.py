"""The usual headings of files of daily reports, Chinese and English."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from fugong.base.spreadsheets.logic.columns import Names

# Field → headings. Case, width, spaces, punctuation and what stands in brackets do not matter.
USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "uscc": (
        "统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "统一代码", "企业代码",
        "unified social credit code", "social credit code", "credit code",
    ),
    "name": (
        "企业名称", "单位名称", "公司名称", "名称", "企业", "enterprise", "company", "enterprise name",
        "company name",
    ),
    "day": (
        "日期", "填报日期", "报送日期", "报告日期", "数据日期", "统计日期", "填报日", "日", "date", "report date",
    ),
    "state": (
        "状态", "开工状态", "复工状态", "生产状态", "开工情况", "复工情况", "状态 开工/部分开工/未开工", "是否开工",
        "是否复工", "status",
    ),
    "reason": (
        "原因", "未开工原因", "停工原因", "停产原因", "未复工原因", "关闭原因", "closed reason",
        "reason for being closed",
    ),
    "roster": (
        "在册", "在册职工", "在册人数", "在册职工数", "在册职工人数", "职工总数", "员工总数", "应到", "应到岗",
        "应到岗人数", "花名册人数", "people on the roster", "headcount",
    ),
    "on_post": (
        "在岗", "在岗职工", "在岗人数", "在岗职工数", "在岗职工人数", "到岗", "到岗人数", "返岗", "返岗人数",
        "复工人数", "实到", "实到人数", "实际到岗", "people on post", "present",
    ),
    "capacity": (
        "产能", "产能利用率", "产能恢复率", "达产率", "产能比例", "产能百分比", "开工率", "capacity used",
        "capacity percent",
    ),
    "obstacles": (
        "困难", "存在困难", "主要困难", "困难类型", "障碍", "问题", "存在问题", "困难和问题", "obstacle", "problems",
    ),
    "supply_days": (
        "物资天数", "防疫物资天数", "物资可用天数", "物资保障天数", "防疫物资可用天数", "物资", "口罩天数",
        "口罩还够几天", "days of supplies", "supplies",
    ),
    "remark": (
        "备注", "说明", "其他", "备注说明", "remarks", "note", "notes", "comment",
    ),
}  # fmt: skip

NEEDED = ("uscc", "day", "state", "roster", "on_post")


def names_of(items: Mapping[str, Collection[str]], labels: Mapping[str, str]) -> Names:
    """The fields of a file of reports. `items`: the playbook's further items, name → its labels; a column of theirs is
    the field `extra.<name>`. `labels`: what the fields are called on screens."""
    further = {f"extra.{name}": (name, *spelt) for name, spelt in items.items()}
    # The usual names last: no further item takes a column of theirs.
    return Names({**further, **USUAL_NAMES}, NEEDED, labels)
