"""What enterprises of the demonstration city have asked for, from the opening to where it stands that morning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fugong.base.accounts.models import Body
from fugong.core.viewer import Viewer
from fugong.portal.demo import people
from fugong.record.desk.actions import ending, parts, working
from fugong.record.desk.actions.clocks import judge_watched
from fugong.record.desk.enums import Channel, PartState, RequestEnd, Usefulness
from fugong.record.desk.models import Part, Request

# A step of a story: when, by whom, and what is done to the request.
Step = tuple[str, str, Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Story:
    """What one enterprise asked for and what became of it. `by`: the login that entered it."""

    when: str
    by: str
    category: str
    title: str
    text: str
    people: int = 0
    channel: Channel = Channel.PHONE_PAGE
    detail: Mapping[str, Any] = field(default_factory=dict)
    steps: Sequence[Step] = ()


def _accept(when: str, who: str) -> Step:
    return when, who, working.accept_request


def _call(when: str, who: str, text: str, *, reached: bool = True) -> Step:
    return when, who, partial(working.note_contact, reached=reached, text=text)


def _plan(when: str, who: str, text: str) -> Step:
    return when, who, partial(working.make_plan, text=text)


def _note(when: str, who: str, text: str) -> Step:
    return when, who, partial(working.note_progress, text=text)


def _answer(when: str, who: str, text: str) -> Step:
    return when, who, partial(ending.answer_request, text=text)


def _confirm(when: str, text: str = "") -> Step:
    return when, people.ACCOUNTANT[0], partial(ending.confirm_answer, text=text)


def _rate(when: str, outcome: Usefulness, comment: str = "", *, called: bool = True) -> Step:
    rate = partial(ending.rate_request, was_contacted=called, outcome=outcome, comment=comment)
    return when, people.ACCOUNTANT[0], rate


def _judge(when: str) -> Step:
    return when, "", judge_watched


def _escalate(when: str) -> Step:
    return when, "", ending.escalate_request


def _body(key: str) -> Body:
    return Body.objects.get(name=next(item.name for item in people.BODIES if item.key == key))


def _ask_part(*, actor: Viewer, request: Request, of: str, task: str) -> None:
    parts.ask_part(actor=actor, request=request, body=_body(of), task=task)


def _move_part(*, actor: Viewer, request: Request, of: str, state: PartState, note: str = "") -> None:
    part = Part.objects.get(request=request, body=_body(of))
    parts.move_part(actor=actor, part=part, state=state, note=note)


def _offer(*, actor: Viewer, request: Request, to: str, reason: str) -> None:
    working.offer_request(actor=actor, request=request, whose=_body(to), reason=reason)


_HR, _TOWN, _ACCOUNTANT, _OPERATOR = "county-hr", "county-clerk", people.ACCOUNTANT[0], "operator"


# One of each of the ten enterprises, in their order: the people on post of the first rose, those of the second did not.
STORIES: tuple[Story, ...] = (
    Story(
        "03-16 09:20",
        _ACCOUNTANT,
        "staff-shortage",
        "缺一线操作工",
        "外省员工回不来，注塑线只开了一半。",
        40,
        steps=(
            _accept("03-16 09:48", _HR),
            _call("03-16 10:02", _HR, "电话问清工种：注塑工、包装工，包吃住。"),
            _plan("03-16 16:30", _HR, "18日前从县内待岗人员中组织一批上门面试，另联系返岗专车。"),
            _note("03-17 15:10", _HR, "已到岗一批，其余次日随专车返回。"),
            _answer("03-18 09:05", _HR, "面试录用与返岗专车两项办完，人员已到厂。"),
            _confirm("03-18 10:40", "人到了，生产线已开。"),
            _judge("03-23 19:00"),
            _rate("03-23 20:10", Usefulness.SOLVED, "当天就有人打电话来。"),
        ),
    ),
    Story(
        "03-16 10:05",
        _ACCOUNTANT,
        "staff-shortage",
        "缺熟练工",
        "熟练工多在外省，招来的人上不了机台。",
        25,
        steps=(
            _accept("03-16 10:30", _HR),
            _call("03-16 10:55", _HR, "需要有经验的机台工。"),
            _plan("03-17 09:10", _HR, "向职校和同行企业借工，19日前到岗。"),
            _answer("03-19 11:20", _HR, "已介绍两批人员到厂。"),
            _confirm("03-19 14:00", "人来过了，看看能不能留下。"),
            _judge("03-23 19:05"),
        ),
    ),
    Story(
        "03-17 08:50",
        _OPERATOR,
        "money-loan",
        "流动资金贷款到期",
        "月底有一笔贷款到期，企业想续贷。",
        60,
        Channel.HOTLINE,
        steps=(
            _accept("03-17 09:15", "finance"),
            _call("03-17 09:40", "finance", "贷款行和金额已记下。"),
            _plan("03-17 17:00", "finance", "由贷款行按延期还本付息办理，20日前答复。"),
            _answer("03-20 10:00", "finance", "银行同意延期到6月30日，材料交客户经理。"),
            _confirm("03-20 15:30"),
            _rate("03-20 15:32", Usefulness.SOLVED),
        ),
    ),
    Story(
        "03-18 14:10",
        _ACCOUNTANT,
        "logistics-freight",
        "发往湖北的货车进不去",
        "客户在武汉，车到省界被劝返。",
        35,
        steps=(
            _accept("03-18 14:35", "transport"),
            _call("03-18 14:50", "transport", "目的地为管控区，暂不通行。"),
            _plan("03-19 10:00", "transport", "问清对方省份的通行政策后答复。"),
            (
                "03-19 16:20",
                "transport",
                partial(
                    ending.end_without_help,
                    end=RequestEnd.NO_HELP,
                    note="目的地仍在管控，本省无权放行；解除后另行通知。",
                ),
            ),
            _rate("03-19 18:00", Usefulness.INFORMED, "至少知道等到什么时候。"),
        ),
    ),
    Story(
        "03-19 09:00",
        _ACCOUNTANT,
        "materials-price",
        "无纺布涨价",
        "一吨涨了三倍，想请政府协调厂家。",
        20,
        steps=(("03-19 11:30", _ACCOUNTANT, partial(ending.withdraw_request, text="已与供货商谈妥。")),),
    ),
    Story(
        "03-17 10:20",
        _OPERATOR,
        "utilities-power",
        "电费预存太高",
        "供电所要求先预存一个月电费。",
        12,
        Channel.HOTLINE,
        steps=(
            _accept("03-17 10:40", _TOWN),
            _call("03-17 10:50", _TOWN, "无人接听。", reached=False),
            _call("03-18 09:20", _TOWN, "无人接听，已发短信。", reached=False),
            _call("03-19 15:00", _TOWN, "号码停机。", reached=False),
            ("03-19 15:10", _TOWN, ending.end_unreachable),
        ),
    ),
    Story(
        "03-20 08:40",
        _OPERATOR,
        "other",
        "学校开学前家长无法上班",
        "双职工家庭的孩子没人带。",
        30,
        Channel.HOTLINE,
        steps=(
            _accept("03-20 09:05", _TOWN),
            _call("03-20 09:20", _TOWN, "涉及十几户。"),
            (
                "03-20 11:00",
                _TOWN,
                partial(ending.end_without_help, end=RequestEnd.ELSEWHERE, note="属县教育和体育局，电话已转告企业。"),
            ),
        ),
    ),
    Story(
        "03-20 09:30",
        _ACCOUNTANT,
        "goods",
        "口罩只够用两天",
        "食堂和车间都要戴。",
        85,
        detail={"item": "一次性医用口罩", "quantity": 3000, "unit": "只"},
        steps=(
            _accept("03-20 09:52", _TOWN),
            _call("03-20 10:05", _TOWN, "核实人数和用量。"),
            _plan("03-20 16:00", _TOWN, "从县储备调3000只，23日送到。"),
            _answer("03-23 16:20", _TOWN, "3000只已送到厂门卫。"),
        ),
    ),
    Story(
        "03-20 15:40",
        _ACCOUNTANT,
        "staff-travel",
        "云南员工回不来",
        "当地没有直达车，员工要转三次车。",
        18,
        steps=(
            _accept("03-20 16:05", _HR),
            _call("03-20 16:20", _HR, "共18人，分在两个县。"),
            _plan("03-23 10:00", _HR, "与输出地人社局商定包车，26日发车。"),
            ("03-23 10:30", _HR, partial(_ask_part, of="transport", task="26日包车通行证与司机健康证明")),
            ("03-23 10:35", _HR, partial(_ask_part, of="county", task="车辆到县后的集中住宿")),
            ("03-23 14:00", "transport", partial(_move_part, of="transport", state=PartState.IN_WORK)),
            (
                "03-23 15:00",
                "county-clerk",
                partial(_move_part, of="county", state=PartState.DONE, note="宾馆已定18间。"),
            ),
        ),
    ),
    Story(
        "03-23 09:10",
        _ACCOUNTANT,
        "permits",
        "技改项目环评审批",
        "设备已到，等批复才能装。",
        22,
        steps=(
            _accept("03-23 09:40", _TOWN),
            _call("03-23 09:55", _TOWN, "材料已交齐。"),
            _plan("03-23 16:00", _TOWN, "告知承诺制先开工，25日前批复。"),
            (
                "03-23 16:30",
                "county-head",
                partial(working.open_green_channel, reason="企业为防疫物资配套，县长批示优先。"),
            ),
            ("03-23 17:00", _TOWN, partial(working.pause_clock, reason="enterprise", note="缺一份消防说明。")),
        ),
    ),
)

MASKS = Story(
    "03-23 10:00", _OPERATOR, "goods", "再要口罩", "又打电话来要口罩。", 85, Channel.HOTLINE,
    detail={"item": "一次性医用口罩", "quantity": 3000, "unit": "只"},
)  # fmt: skip

# Later ones of the same enterprises: one offered elsewhere, one that broke its promise, fresh ones.
MORE: tuple[Story, ...] = (
    Story(
        "03-19 14:20",
        _ACCOUNTANT,
        "staff-shortage",
        "夜班缺包装工",
        "白班够了，夜班还差人。",
        9,
        steps=(
            _accept("03-19 14:50", _HR),
            _call("03-19 15:00", _HR, "问清班次和工资。"),
            _plan("03-20 09:30", _HR, "周末线上招聘专场推送。"),
            _answer("03-23 11:00", _HR, "专场签约9人，今晚起上夜班。"),
            _confirm("03-23 16:10", "签了，看来不来上班。"),
        ),
    ),
    Story(
        "03-23 14:20",
        _OPERATOR,
        "policy",
        "社保减免从哪月算起",
        "问三月份已交的怎么退。",
        45,
        Channel.HOTLINE,
        steps=(
            _accept("03-23 14:35", _TOWN),
            (
                "03-23 14:40",
                _TOWN,
                partial(_offer, to="county-hr", reason="社保政策由人社局答复。"),
            ),
        ),
    ),
    Story(
        "03-23 08:35",
        _ACCOUNTANT,
        "utilities-land",
        "临时堆场用地",
        "原材料到货没处放。",
        15,
        steps=(_escalate("03-23 10:00"),),
    ),
    Story("03-23 16:50", _ACCOUNTANT, "orders", "出口订单取消", "客户在意大利，三个柜的货压在厂里。", 70),
    Story("03-23 17:15", _ACCOUNTANT, "staff-housing", "返岗员工没有隔离房间", "21人周四到，厂里只有6间。", 21),
)
