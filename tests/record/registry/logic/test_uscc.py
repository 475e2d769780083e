from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from fugong.record.registry.logic.uscc import (
    ALPHABET,
    CodeHolder,
    CodeProblem,
    check_code,
    clean_code,
    compose_code,
    explain,
)

divisions = st.text("0123456789", min_size=6, max_size=6)
bodies = st.text(ALPHABET, min_size=8, max_size=8)
codes = st.builds(compose_code, divisions, bodies, st.sampled_from(["91", "92", "93", "11", "12", "52"]))
VALID = compose_code("371502", "MA3DK20P")


@given(codes)
def test_composed_codes_are_valid_by_the_independent_library(code):
    assert oracle.is_valid(code)
    check = check_code(code)
    assert (check.problem, check.positions, check.division) == (None, (), code[2:8])


@given(st.text("0123456789", min_size=8, max_size=8), st.text(ALPHABET, min_size=10, max_size=10))
def test_agrees_with_the_independent_library(head, tail):
    code = head + tail
    check = check_code(code)
    assert (check.problem is None) == oracle.is_valid(code)
    assert check.expected in ("", oracle.calc_check_digit(code[:17]))


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(code, position, character):
    wrong = code[:position] + character + code[position + 1 :]
    assert (check_code(wrong).problem is None) == (wrong == code)


@given(codes, st.sampled_from(["{}", " {} ", "\u3000{}", "{}\u200b", "'{}", '="{}"', "\ufeff{}\n"]))
def test_cleaning_keeps_the_code(code, dressed):
    spaced = f"{code[:2]} {code[2:8]}-{code[8:17]}－{code[17]}"
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    for text in (code.lower(), spaced, wide, dressed.format(code)):
        assert clean_code(dressed.format(text)) == code


def test_published_codes_are_valid():
    # Printed by their holders: a city's government office, and three from the library's documentation.
    for code in ("11371500MB28359259", "91110000600037341L", "914403001922038216", "91330100799655058B"):
        assert check_code(code).problem is None


def test_rule_of_a_known_wrong_web_page_is_not_followed():
    check = check_code("91310115MA1G4L1WXK")
    assert (check.problem, check.expected) == (CodeProblem.CHECK_CHARACTER, "7")


@pytest.mark.parametrize(
    ("text", "problem", "positions", "words"),
    [
        ("", CodeProblem.EMPTY, (), "missing"),
        ("　 -", CodeProblem.EMPTY, (), "missing"),
        ("9.15E+17", CodeProblem.SCIENTIFIC, (), "last digits are lost"),
        ("9.13715221234568E+17", CodeProblem.SCIENTIFIC, (), "last digits are lost"),
        ("正在办理", CodeProblem.WORDS, (), "words"),
        ("371522228012345", CodeProblem.OLD_NUMBER, (), "old registration number"),
        (VALID[:17], CodeProblem.LENGTH, (), "17 characters"),
        (VALID + "1", CodeProblem.LENGTH, (), "19 characters"),
        (VALID[:14] + "O" + VALID[15:], CodeProblem.CHARACTER, (15,), "Character 15 is the letter O"),
        ("9I" + VALID[2:], CodeProblem.CHARACTER, (2,), "Character 2 is the letter I"),
        (VALID[:9] + "号Z" + VALID[11:], CodeProblem.CHARACTER, (10, 11), "Character 10 is “号”"),
        (VALID[:4] + "A" + VALID[5:], CodeProblem.DIVISION, (5,), "district"),
    ],
)
def test_true_reason_of_each_refusal(text, problem, positions, words):
    check = check_code(text)
    assert (check.problem, check.positions) == (problem, positions)
    fault = explain(check)
    assert words in fault.reason
    assert fault.mend


def test_check_character_names_the_expected_one():
    right = VALID[17]
    wrong = next(character for character in ALPHABET if character != right)
    check = check_code(VALID[:17] + wrong)
    assert (check.problem, check.expected, check.positions) == (CodeProblem.CHECK_CHARACTER, right, (18,))
    assert f"{right}, the file has {wrong}" in explain(check).reason


@pytest.mark.parametrize(("letter", "digit"), [("O", "0"), ("I", "1"), ("Z", "2"), ("S", "5")])
def test_letters_mistaken_for_digits(letter, digit):
    fault = explain(check_code(VALID[:9] + letter + VALID[10:]))
    assert f"digit {digit}" in fault.mend


def test_letter_without_a_likely_digit_gets_no_guess():
    assert "digit" not in explain(check_code(VALID[:9] + "V" + VALID[10:])).mend


def test_number_with_three_lost_digits_shown_in_full():
    lost = "913715221234567000"
    assert check_code(lost).problem is CodeProblem.SCIENTIFIC
    genuine = next(
        code for n in range(10**5) if (code := compose_code("371502", f"{n:08}")).isdecimal() and code.endswith("000")
    )
    assert check_code(genuine).problem is None


def test_organisation_code_is_named():
    assert check_code(VALID[8:17]).problem is CodeProblem.ORGANISATION_CODE
    assert "organisation code" in explain(check_code(VALID[8:17])).reason


def test_identity_card_number_is_named():
    # Made up; its check digit follows GB 11643.
    body = "37150219800101123"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    number = body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
    assert check_code(number).problem is CodeProblem.IDENTITY_CARD
    assert "identity card" in explain(check_code(number)).reason


def test_every_problem_has_its_own_sentence():
    samples = [
        "", "9.15E+17", "无证", "371522228012345", VALID[8:17], VALID[:16], VALID[:9] + "O" + VALID[10:],
        VALID[:4] + "A" + VALID[5:], VALID[:17] + ("1" if VALID[17] != "1" else "2"),
    ]  # fmt: skip
    reasons = {explain(check_code(sample)).reason for sample in samples}
    assert len(reasons) == len(samples)


@pytest.mark.parametrize(
    ("head", "holder"),
    [
        ("91", CodeHolder.ENTERPRISE),
        ("92", CodeHolder.INDIVIDUAL),
        ("93", CodeHolder.COOPERATIVE),
        ("11", CodeHolder.PUBLIC_BODY),
        ("12", CodeHolder.PUBLIC_BODY),
        ("52", CodeHolder.OTHER),
        ("N1", CodeHolder.OTHER),
    ],
)
def test_holder_by_the_first_two_characters(head, holder):
    check = check_code(compose_code("371502", "MA3DK20P", head))
    assert (check.problem, check.holder) == (None, holder)


@pytest.mark.parametrize(
    "parts", [("37150", "MA3DK20P"), ("371502", "MA3DK20"), ("371502", "MA3DK2OP"), ("37150A", "MA3DK20P")]
)
def test_parts_that_make_no_code(parts):
    with pytest.raises(ValueError, match="no credit code"):
        compose_code(*parts)
