"""Regular expressions of masks: which are taken, what they replace, and why the others are
refused.
"""

import pytest

from veil.model.patterns import PatternError, problem_with_pattern, read_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "replaced"),
    [
        ("[[:digit:]]", "a1b22", "a#b##"),
        ("[[:digit:]]{2}", "a1b22", "a1b#"),
        ("[^[:digit:]-]+", "12-ab c3", "12-#3"),
        (r"\d{3}-\d{2}", "111-22-3333", "#-3333"),
        (r"\w+", "aé_1", "#é#"),
        (r"\W", "aé b", "a##b"),
        ("[[:alpha:]]", "aéZ", "#é#"),
        ("a|ab", "abc", "#c"),
        ("(a|ab)(c|bcd)?", "abcd", "#"),
        (".+@", "a@b@c", "#c"),
        (".+", "a\nb", "#"),
        ("^a", "aa", "#a"),
        ("a$", "aa", "a#"),
        ("a$", "a\n", "a\n"),
        ("[]a]", "]ab", "##b"),
        ("[a-]", "a-b", "##b"),
        (r"[\.a]", "a.b", "##b"),
        (r"\.\*\\", r".*\x", "#x"),
        ("[à-ü]", "éa", "#a"),
        ("x{0,1}a", "xa a", "# #"),
        ("a{255}", "a" * 255, "#"),
    ],
)
def test_the_leftmost_and_longest_matches_are_replaced(pattern: str, text: str, replaced: str) -> None:
    assert read_pattern(pattern).replace(text, "#") == replaced


def test_the_case_of_ascii_letters_can_be_ignored() -> None:
    assert read_pattern("a[b-d]é", case_insensitive=True).replace("ACé ACÉ", "#") == "# ACÉ"


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("", "an alternative is empty"),
        ("a\0", "it contains the character NUL"),
        ("a|", "an alternative is empty (character 3)"),
        ("(|a)", "an alternative is empty"),
        ("()", "an alternative is empty"),
        ("a*", "it matches the empty string"),
        ("^", "it matches the empty string"),
        ("^$", "it matches the empty string"),
        ("a|b?", "it matches the empty string"),
        ("(", "a ')' is missing"),
        ("(a", "a ')' is missing"),
        ("a)", "')' closes nothing (character 2). Write \\) for the character"),
        ("[a", "a ']' is missing"),
        ("[", "a ']' is missing"),
        ("a]", "']' closes nothing"),
        ("a{", "'{' has nothing to repeat"),
        ("a{,3}", "'{' has nothing to repeat"),
        ("a{2,1}", "'{2,1}' counts backwards"),
        ("a{256}", "'{256}' repeats too often (character 2). At most 255"),
        ("a{9999999999}", "'{' has nothing to repeat"),
        ("((a{99}){99}){99}", "too large with all its repetitions"),
        ("*a", "'*' has nothing to repeat"),
        ("***=a", "'*' has nothing to repeat"),
        ("^*a", "'*' has nothing to repeat"),
        ("a**", "'*' repeats what is repeated"),
        ("a+?", "POSIX has no lazy or possessive repetition"),
        ("(?i)a", "'(?' is not part of POSIX regular expressions"),
        ("(?=a)", "'(?' is not part of POSIX regular expressions"),
        ("(?P<n>a)", "'(?' is not part of POSIX regular expressions"),
        (r"(a)\1", r"'\1' is not part of Redshift's regular expressions"),
        (r"\s", "Write [[:space:]] for it"),
        (r"\S", "Write [^[:space:]] for it"),
        (r"\bx", r"There are \d, \D, \w and \W"),
        (r"\x41", r"'\x' is not part"),
        (r"\é", r"'\é' is not part"),
        ("a\\", "a backslash ends it"),
        ("[[:word:]]", "'[:word:]' is not a class"),
        ("[[:<:]]a", "'[:<:]' is not a class"),
        ("[[.a.]]", "'[.a.]' is not a class"),
        ("[[=a=]]", "'[=a=]' is not a class"),
        ("[[:digit:]", "a ']' is missing"),
        (r"[\d]", "does not stand in a bracket expression (character 4). Write [[:digit:]], which is [0-9]"),
        (r"[\S]", "Write [^[:space:]], in a bracket expression of its own"),
        (r"[\W]", "Write [^[:alnum:]_], in a bracket expression of its own"),
        (r"[\x]", "Write the character that is meant"),
        (r"[a\]]", "Put ] first: []a]"),
        (r"[a\-z]", "Put - last: [a-]"),
        ("[a-c-e]", "a '-' stands between ranges"),
        ("[z-a]", "'z-a' counts backwards"),
        ("(" * 25 + "a" + ")" * 25, "it is nested too deeply"),
    ],
)
def test_what_engines_read_differently_or_could_fail_on_is_refused(pattern: str, problem: str) -> None:
    assert problem in str(problem_with_pattern(pattern))
    with pytest.raises(PatternError):
        read_pattern(pattern)
