"""The usual headings of registers of enterprises, Chinese and English."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base.spreadsheets.logic.columns import Names

# Field → the headings that counties, licensing exports and bureaus use for it. Case, width, spaces, punctuation and
# what stands in brackets (units, 必填) do not matter.
USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "name": (
        "企业名称", "单位名称", "公司名称", "企业全称", "单位全称", "市场主体名称", "主体名称", "法人单位名称",
        "单位详细名称", "企业（单位）名称", "企业(机构)名称", "机构名称", "商户名称", "经营户名称", "名称", "企业名",
        "单位名", "企业", "单位", "enterprise", "enterprise name", "company", "company name", "organisation",
        "organization", "unit name",
    ),
    "uscc": (
        "统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "统一代码", "统一社会信用代码/注册号",
        "统一社会信用代码（注册号）", "统一社会信用代码/组织机构代码", "企业统一社会信用代码", "单位统一社会信用代码",
        "统一社会信用代码证号", "社会统一信用代码", "统一社会信用码", "营业执照代码", "证照号", "证照号码",
        "营业执照号", "营业执照号码", "营业执照注册号", "注册号", "纳税人识别号", "税号",
        "组织机构代码", "企业代码", "单位代码", "unified social credit code", "social credit code", "credit code",
        "usci", "usc code", "uscc code",
    ),
    "province": (
        "所在省份", "省份", "省", "所属省份", "省（区、市）", "province",
    ),
    "city": (
        "所在城市", "城市", "所属城市", "地级市", "所在市", "市", "city", "prefecture",
    ),
    "area": (
        "地区", "所在地区", "所属地区", "区域", "所在区域", "所属区域", "管理区域", "区县", "县区", "县（市、区）",
        "市县区", "县市区", "所在区县", "所属区县", "所在县区", "所属县区", "所在县（市、区）", "所属县（市、区）",
        "区", "县", "辖区", "所属辖区", "属地", "所在地", "行政区划", "行政区域", "行政区划名称", "所属行政区划",
        "县域", "area", "district", "county", "region",
        "district or county",
    ),
    "township": (
        "乡镇", "镇街", "乡镇（街道）", "乡镇街道", "镇（街道）", "街道", "所属乡镇", "所在乡镇", "所属镇街",
        "所属乡镇（街道）", "所在乡镇（街道）", "所在镇街", "所属街道", "所在街道", "街镇", "镇办", "所属镇办",
        "所在镇办", "township", "town", "street",
    ),
    "address": (
        "注册地址", "地址", "住所", "企业地址", "单位地址", "公司地址", "注册地", "登记住所", "经营场所", "经营地址",
        "生产经营地址", "生产经营场所", "详细地址", "通讯地址", "住所（经营场所）", "registered address", "address",
    ),
    "kind_text": (
        "企业类型", "市场主体类型", "主体类型", "单位类型", "公司类型", "登记类型", "登记注册类型", "注册类型",
        "机构类型", "企业性质", "单位性质", "经济类型", "类型", "kind", "type", "enterprise type", "company type",
    ),
    "capital": (
        "注册资金", "注册资本", "注册资本金", "资金数额", "注册资金数额", "出资额", "注册资本（金）",
        "注册资本(万元)", "capital", "registered capital",
    ),
    "established_on": (
        "成立日期", "注册日期", "成立时间", "注册时间", "登记日期", "设立日期", "开业日期", "开业时间",
        "注册登记日期", "established", "established on", "date of establishment", "registration date", "founded",
    ),
    "scope_text": (
        "经营范围", "业务范围", "主营业务", "主要产品", "主营产品", "经营（业务）范围", "business scope", "scope",
    ),
    "headcount": (
        "职工人数", "员工人数", "从业人数", "从业人员", "从业人员数", "从业人员期末人数", "在册职工", "在册人数",
        "在册职工人数", "职工总数", "员工总数", "员工数", "职工数", "用工人数", "用工总数", "人数", "总人数",
        "现有职工", "现有职工数", "现有职工人数", "现有员工", "现有员工数", "现有人数", "企业职工总数", "企业职工人数",
        "企业员工总数", "企业员工数", "headcount",
        "employees", "staff", "number of employees",
    ),
    "industry": (
        "行业", "所属行业", "行业类别", "行业名称", "行业门类", "国民经济行业", "行业代码", "行业分类", "industry",
        "sector",
    ),
    "revenue": (
        "营业收入", "年营业收入", "上年营业收入", "上年度营业收入", "上一年度营业收入",
        "去年营业收入", "上年主营业务收入", "上年度主营业务收入", "主营业务收入",
        "年主营业务收入", "销售收入", "年销售收入", "营收",
        "revenue of a year", "revenue", "annual revenue", "turnover",
    ),
    "assets": (
        "资产总额", "资产总计", "总资产", "年末资产总额", "资产合计", "total assets", "assets",
    ),
    "above_scale": (
        "是否规上", "是否规上企业", "是否规模以上", "是否四上", "规上", "规模以上", "above scale",
        "above scale or not",
    ),
    "contact_name": (
        "联系人", "联系人姓名", "企业联系人", "联络员", "复工联系人", "填报人", "contact", "contact name",
        "contact person",
    ),
    "contact_phone": (
        "联系电话", "联系人电话", "联系人手机", "联系方式", "手机", "手机号", "手机号码", "电话", "电话号码",
        "企业电话", "企业联系电话", "联系人联系电话", "phone", "telephone", "mobile", "contact phone",
    ),
    "legal_name": (
        "法定代表人", "法人代表", "法人", "法人姓名", "法定代表人姓名", "法人代表姓名", "法定代表人（负责人）",
        "legal representative",
    ),
    "legal_phone": (
        "法人电话", "法人联系电话", "法定代表人电话", "法定代表人联系电话", "法人手机", "法人代表电话",
        "phone of the legal representative",
    ),
    "head_name": (
        "负责人", "企业负责人", "主要负责人", "负责人姓名", "企业负责人姓名", "person in charge",
    ),
    "head_phone": (
        "负责人电话", "负责人联系电话", "企业负责人电话", "负责人手机", "企业负责人联系电话", "主要负责人电话",
        "phone of the person in charge",
    ),
    "as_of": (
        "数据日期", "数据时间", "统计日期", "统计时点", "截至日期", "截止日期", "date of the data", "as of", "as_of",
    ),
}  # fmt: skip

NEEDED = ("name", "uscc")

# What a field is called on screens and in the blank template; each is one of its usual headings, in both languages.
LABELS: dict[str, Promise] = {
    "name": _("Enterprise name"),
    "uscc": _("Unified social credit code"),
    "province": _("Province"),
    "city": _("City"),
    "area": _("District or county"),
    "township": _("Township"),
    "address": _("Registered address"),
    "kind_text": _("Enterprise type"),
    "capital": _("Registered capital"),
    "established_on": _("Established on"),
    "scope_text": _("Business scope"),
    "headcount": _("Headcount"),
    "industry": _("Industry"),
    "revenue": _("Revenue of a year"),
    "assets": _("Total assets"),
    "above_scale": _("Above scale or not"),
    "contact_name": _("Contact person"),
    "contact_phone": _("Contact phone"),
    "legal_name": _("Legal representative"),
    "legal_phone": _("Phone of the legal representative"),
    "head_name": _("Person in charge"),
    "head_phone": _("Phone of the person in charge"),
    "as_of": _("Date of the data"),
}
NAMES = Names(USUAL_NAMES, NEEDED, LABELS)
