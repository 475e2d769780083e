from __future__ import annotations

import pytest

from fugong.record.registry.enums import EnterpriseKind
from fugong.record.registry.logic.kinds import kind_of
from fugong.record.registry.logic.uscc import compose_code

ENTERPRISE = compose_code("371502", "MA3DK20P")


def code(head):
    return compose_code("371502", "MA3DK20P", head)


@pytest.mark.parametrize(
    "name",
    [
        "某某机械股份有限公司莘州分公司",
        "某某银行股份有限公司莘州支行",
        "某某银行股份有限公司莘州支行第三储蓄所",
        "某某银行股份有限公司新区分理处",
        "某某人寿保险股份有限公司莘州县支公司",
        "某某证券有限责任公司柳园路证券营业部",
        "某某石化销售有限公司莘州第二加油站",
        "国网某省电力公司莘州供电公司",
        "某某邮政集团公司莘州县古云邮电支局",
        "某某连锁第一分店",
        "莘州餐饮服务有限公司迎宾饭店",
        "莘州县食品总公司古云镇食品站",
        "莘州县供销合作社古云中心社第三门市部",
        "莘州县农资供应合作社庄稼医院",
        "某某烟草有限公司莘州营销部",
        "外国某某洋行莘州代表处",
    ],
)
def test_names_of_branches(name):
    assert kind_of(ENTERPRISE, name) is EnterpriseKind.BRANCH


@pytest.mark.parametrize(
    "name",
    [
        "莘州机械有限公司",
        "莘州（集团）有限责任公司",
        "莘州自动化研究所(有限公司)",
        "莘州集团公司华威公司",
        "莘州县供销合作社古云中心社",
        "莘州县供销社供销总公司",
        "莘州县供电公司",
        "莘州县汇源加油站",
        "莘州印刷厂",
        "莘州光明经营部",
        "莘州石材有限公司.",
        "莘州物流有限公司（停业）",
    ],
)
def test_names_of_enterprises(name):
    assert kind_of(ENTERPRISE, name) is EnterpriseKind.ENTERPRISE


@pytest.mark.parametrize(
    "type_text",
    [
        "集体分支机构(非法人)", "集体经营单位（非法人）", "有限责任公司分公司(自然人独资)",
        "内资企业法人分支机构(非法人)", "集体事业单位营业", "外国(地区)企业常驻代表机构", "营业单位", "分支", "branch",
    ],
)  # fmt: skip
def test_types_of_branches_go_before_the_name(type_text):
    assert kind_of(ENTERPRISE, "莘州光明商店", type_text) is EnterpriseKind.BRANCH


def test_independent_type_goes_before_a_cooperatives_name_but_not_before_a_companys():
    assert kind_of(ENTERPRISE, "莘州县供销社红旗大厦", "集体所有制") is EnterpriseKind.ENTERPRISE
    assert kind_of(ENTERPRISE, "莘州县供销社红旗大厦") is EnterpriseKind.BRANCH
    assert kind_of(ENTERPRISE, "莘州餐饮有限公司华兴旅馆", "有限责任公司") is EnterpriseKind.BRANCH


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("92", EnterpriseKind.INDIVIDUAL),
        ("11", EnterpriseKind.PUBLIC_BODY),
        ("12", EnterpriseKind.PUBLIC_BODY),
        ("93", EnterpriseKind.OTHER),
        ("52", EnterpriseKind.OTHER),
        ("31", EnterpriseKind.OTHER),
    ],
)
def test_code_goes_before_name_and_type(head, kind):
    assert kind_of(code(head), "某某有限公司莘州分公司", "分支机构") is kind


@pytest.mark.parametrize(
    ("type_text", "kind"), [("个体工商户", "individual"), ("事业单位", "public_body"), ("有限责任公司", "enterprise")]
)
def test_other_types(type_text, kind):
    assert kind_of(ENTERPRISE, "莘州光明商店", type_text) == kind
