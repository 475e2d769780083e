"""What kind of unit a row of the register is, from its code, its registered type and its name.

Branches (分公司, 支行, somebody's 门市部) hold a 91… code like the enterprise they belong to, so that type and name
must tell them apart, or counts of enterprises are inflated.
"""

from __future__ import annotations

import re
import unicodedata

from fugong.record.registry.enums import EnterpriseKind
from fugong.record.registry.logic.uscc import CodeHolder, holder_of

# Registered types of units without legal personality that belong to somebody: 集体分支机构(非法人), 集体事业单位营业.
_BRANCH_TYPE = re.compile(
    r"分支机构|分公司|非法人|营业单位|事业单位营业|法人营业|办事处|代表机构|代表处|^分支$|^branch$"
)
_INDIVIDUAL_TYPE = re.compile(r"个体")
_PUBLIC_TYPE = re.compile(r"机关|^事业单位$|^事业法人$")
# Types that stand for themselves: a shop of such a type is no branch only because its name begins with a cooperative's.
_INDEPENDENT_TYPE = re.compile(r"有限|股份|独资|合伙|集体所有制|全民所有制|国有|私营|联营")

# Endings that only parts of a larger unit carry.
_BRANCH_ENDING = re.compile(
    r"(分公司|支公司|分行|支行|分理处|储蓄所|支局|邮电所|邮政所|供电所|营业部|营业厅|营业所|营销部|分店|分厂|分站|分部|分院|分校|"
    r"办事处|代表处|联络处|代办站|代办所|代办处|代办点|项目部)$"
)
# The names of a whole unit, with what follows them. A branch carries the full name of the enterprise it belongs to
# (企业名称登记管理规定), so something behind a full name is a part: …有限公司迎宾饭店.
_COMPANY = re.compile(r"公司(?=.)")
_COOPERATIVE = re.compile(r"(?:供销社|合作社|中心社|联合社|联社)(?=.)")
_WHOLE_ENDING = re.compile(r"(公司|集团|合作社|供销社|中心社|联合社|联社|总社)$")
_POWER_BRANCH = re.compile(r"电力.*公司.*供电公司$")
_BRACKETS_AT_END = re.compile(r"\([^()]*\)$")
_PUNCTUATION_AT_END = re.compile(r"[\W_]+$")


def _trimmed(name: str) -> str:
    """The name without a remark in brackets at its end (停业) and without stray punctuation."""
    trimmed = "".join(unicodedata.normalize("NFKC", name).split())
    while (shorter := _BRACKETS_AT_END.sub("", trimmed)) and shorter != trimmed:
        trimmed = shorter
    return _PUNCTUATION_AT_END.sub("", trimmed)


def _part_behind(whole: re.Pattern[str], name: str) -> bool:
    """Behind the full name of a unit stands a part's name, not that of another whole unit."""
    return whole.search(name) is not None and _WHOLE_ENDING.search(name) is None


def _branch_by_name(name: str, *, independent: bool) -> bool:
    if _BRANCH_ENDING.search(name) or _POWER_BRANCH.search(name) or _part_behind(_COMPANY, name):
        return True
    return not independent and _part_behind(_COOPERATIVE, name)


def kind_of(code: str, name: str, type_text: str = "") -> EnterpriseKind:
    """The kind of a unit with a valid code.

    `type_text` is the registered type (企业类型) in the words of the licensing authority, empty when unknown. The code
    decides between enterprises, individuals and bodies of state; among enterprises the type goes before the name, save
    where the name itself says that it is a part of another.
    """
    holder = holder_of(code)
    if holder is CodeHolder.INDIVIDUAL:
        return EnterpriseKind.INDIVIDUAL
    if holder is CodeHolder.PUBLIC_BODY:
        return EnterpriseKind.PUBLIC_BODY
    if holder is not CodeHolder.ENTERPRISE:
        return EnterpriseKind.OTHER
    kind = unicodedata.normalize("NFKC", type_text)
    if _BRANCH_TYPE.search(kind):
        return EnterpriseKind.BRANCH
    if _INDIVIDUAL_TYPE.search(kind):
        return EnterpriseKind.INDIVIDUAL
    if _PUBLIC_TYPE.search(kind):
        return EnterpriseKind.PUBLIC_BODY
    if _branch_by_name(_trimmed(name), independent=_INDEPENDENT_TYPE.search(kind) is not None):
        return EnterpriseKind.BRANCH
    return EnterpriseKind.ENTERPRISE
