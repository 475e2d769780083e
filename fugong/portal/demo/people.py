"""Who signs in to the demonstration city: one account per role, plus a county's own."""

from __future__ import annotations

from dataclasses import dataclass

from fugong.base.accounts.enums import BodyKind
from fugong.core.roles import Role

# Printed by script/demo; the city is served on this machine only and holds nothing real.
PASSWORD = "fugong-demo-2020"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoBody:
    key: str
    name: str
    short_name: str
    kind: BodyKind
    area: str


@dataclass(frozen=True, slots=True)
class DemoOfficial:
    username: str
    name: str
    role: Role
    body: str
    area: str


# The county that has bodies and people of its own.
COUNTY = "371522"
BODIES = (
    DemoBody("hq", "聊城市工业企业复工复产指挥部", "市指挥部", BodyKind.HEADQUARTERS, "371500"),
    DemoBody("bureau", "聊城市工业和信息化局", "市工信局", BodyKind.BUREAU, "371500"),
    DemoBody("group", "工业运行组", "工业运行组", BodyKind.WORKING_GROUP, "371500"),
    DemoBody("team", "复工复产第一服务队", "第一服务队", BodyKind.SERVICE_TEAM, "371500"),
    DemoBody("county-hq", "莘县工业企业复工复产指挥部", "莘县指挥部", BodyKind.HEADQUARTERS, "371522"),
    DemoBody("county", "莘县工业和信息化局", "莘县工信局", BodyKind.BUREAU, "371522"),
    DemoBody("hr", "聊城市人力资源和社会保障局", "市人社局", BodyKind.BUREAU, "371500"),
    DemoBody("transport", "聊城市交通运输局", "市交通局", BodyKind.BUREAU, "371500"),
    DemoBody("finance", "聊城市地方金融监督管理局", "市金融局", BodyKind.BUREAU, "371500"),
    DemoBody("hotline", "聊城市12345政务服务便民热线", "市热线", BodyKind.BUREAU, "371500"),
    DemoBody("county-hr", "莘县人力资源和社会保障局", "莘县人社局", BodyKind.BUREAU, "371522"),
    DemoBody("street", "莘亭街道办事处", "莘亭街道", BodyKind.TOWNSHIP, "371522002"),
)

OFFICIALS = (
    DemoOfficial("commander", "梁长河", Role.COMMANDER, "hq", "371500"),
    DemoOfficial("duty", "宋晓岚", Role.DUTY_OFFICER, "hq", "371500"),
    DemoOfficial("clerk", "曲若水", Role.BUREAU_CLERK, "bureau", "371500"),
    DemoOfficial("group", "孟立新", Role.WORKING_GROUP_MEMBER, "group", "371500"),
    DemoOfficial("lead", "姜敏", Role.TEAM_LEAD, "team", "371500"),
    DemoOfficial("admin", "许建国", Role.ADMINISTRATOR, "bureau", "371500"),
    DemoOfficial("auditor", "岳文静", Role.AUDITOR, "bureau", "371500"),
    DemoOfficial("county-head", "夏志远", Role.COMMANDER, "county-hq", "371522"),
    DemoOfficial("county-clerk", "温立群", Role.BUREAU_CLERK, "county", "371522"),
    DemoOfficial("operator", "卜晓晴", Role.BUREAU_CLERK, "hotline", "371500"),
    DemoOfficial("hr", "秦雨桐", Role.BUREAU_CLERK, "hr", "371500"),
    DemoOfficial("transport", "韩启明", Role.BUREAU_CLERK, "transport", "371500"),
    DemoOfficial("finance", "郁文达", Role.BUREAU_CLERK, "finance", "371500"),
    DemoOfficial("county-hr", "姚可欣", Role.BUREAU_CLERK, "county-hr", "371522"),
    DemoOfficial("cadre", "汤怀远", Role.TOWNSHIP_CADRE, "street", "371522002"),
)
REPORTER = ("reporter", "方静宜")
LIAISON = ("officer", "路思齐")
# They report for enterprises of the county; the list of logins names the first reporter only.
MORE_REPORTERS = (("reporter2", "阮清和"), ("reporter3", "晏嘉树"), ("reporter4", "靳望舒"))
# An accountant who reports for ten enterprises of the county.
ACCOUNTANT = ("accountant", "祁若兰")
