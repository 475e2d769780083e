"""The frame of the benches: what a broken budget does, how floor and work are paired."""

from contextlib import contextmanager

import pytest

from bench import frame
from bench.frame import Bench, at_least, at_most, rate, run, seconds, table


def summing(size: int) -> int:
    return sum(range(size))


def constant(figure: float):
    return lambda size: figure


@pytest.fixture
def only(monkeypatch):
    """Registers benches in an empty frame that discovers none."""
    monkeypatch.setattr(frame, "REGISTERED", {})
    monkeypatch.setattr(frame, "discover", lambda: None)
    return lambda *benches: [frame.register(bench) for bench in benches]


def test_trivial_bench_runs_for_real_and_keeps_its_budget(only, capsys):
    only(Bench("sum", rate(summing), rate(summing), at_least(0.1), "numbers/s", size=20_000))
    assert frame.main([]) == 0
    assert "kept" in capsys.readouterr().out


def test_ratio_below_budget_exits_1_and_is_named(only, capsys):
    only(
        Bench("good", constant(100), constant(70), at_least(0.6), "rows/s"),
        Bench("slow", constant(100), constant(50), at_least(0.6), "rows/s"),
    )
    assert frame.main([]) == 1
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["slow"].endswith("BROKEN")
    assert lines["good"].endswith("kept")


def test_time_has_an_upper_bound(only):
    only(Bench("late", constant(1.0), constant(2.5), at_most(2), "s"))
    assert frame.main([]) == 1


def test_absolute_budget_without_a_floor(only):
    only(Bench("catch up", None, constant(5.5), None, "s", absolute=at_most(5)))
    assert frame.main([]) == 1
    assert frame.main(["--quick"]) == 0


def test_quick_runs_one_pair_of_the_small_size_and_judges_nothing(only, capsys):
    sizes = []
    slow = Bench(
        "slow", constant(100), lambda size: sizes.append(size) or 1.0, at_least(0.6), "", size=99, quick_size=3
    )
    only(slow)
    assert frame.main(["--quick"]) == 0
    assert sizes == [3]
    assert "BROKEN" not in capsys.readouterr().out


def test_bench_that_raises_is_not_swallowed(only):
    only(Bench("broken", constant(1), lambda size: 1 / 0, at_least(0.6), ""))
    with pytest.raises(ZeroDivisionError):
        frame.main(["--quick"])


def test_only_chooses_and_refuses_a_name_that_is_not_there(only, capsys):
    only(
        Bench("good", constant(1), constant(1), at_least(0.6), ""),
        Bench("slow", constant(9), constant(1), at_least(1), ""),
    )
    assert frame.main(["--only", "good"]) == 0
    assert frame.main(["--only", "gone"]) == 2
    assert "good, slow" in capsys.readouterr().err


def test_floor_and_work_take_turns_and_change_the_order():
    calls = []

    @contextmanager
    def around(size: int):
        calls.append(f"in {size}")
        yield
        calls.append("out")

    def called(name: str, figure: float):
        return lambda size: calls.append(name) or figure

    result = run(Bench("x", called("floor", 4), called("work", 2), at_least(0.1), "", size=7, around=around), pairs=3)
    assert calls == ["in 7", "floor", "work", "work", "floor", "floor", "work", "out"]
    assert (result.floor, result.work, result.ratio) == (4, 2, 0.5)


def test_median_of_the_ratios_not_ratio_of_the_medians():
    floors, works = iter([10.0, 20.0, 40.0]), iter([10.0, 40.0, 20.0])
    result = run(Bench("x", lambda size: next(floors), lambda size: next(works), at_least(0), ""), pairs=3)
    assert result.ratio == 1.0
    assert (result.floor, result.work) == (20.0, 20.0)


def test_seconds_measures_the_call():
    assert 0 < seconds(summing)(1000) < 1


def test_bench_without_any_budget_is_refused():
    with pytest.raises(ValueError, match="without any budget"):
        Bench("x", None, constant(1), None, "")
    with pytest.raises(ValueError, match="belong together"):
        Bench("x", constant(1), constant(1), None, "", absolute=at_most(1))


def test_name_is_unique(only):
    only(Bench("x", constant(1), constant(1), at_least(1), ""))
    with pytest.raises(ValueError, match="two benches"):
        only(Bench("x", constant(1), constant(1), at_least(1), ""))


def test_table_shows_floor_work_ratio_budget():
    text = table([run(Bench("x", constant(2000), constant(1500), at_least(0.6), "rows/s"), pairs=1)])
    assert text.splitlines()[1].split("  ")[0] == "x"
    assert all(part in text for part in ("2,000", "1,500", "0.75", "ratio >= 0.6", "rows/s"))
