"""Small contest problems in the form that LiveCodeBench's files have, written for this project; two of each month."""

import base64
import json
import pickle
import zlib

# Day, question, starter, method, tests as (input, output), a right body and a wrong one.
_METHODS = [
    ("2024-01-06", "Double it.", "x: int) -> int", [("3", "6"), ("-1", "-2")], "x * 2", "x"),
    ("2024-02-03", "The longest of the words.", "words: List[str]) -> str", [('["a","bcd"]', '"bcd"')],
     "max(words, key=len)", "words[0]"),
    ("2024-03-02", "Both sums, of even and odd.", "xs: List[int]) -> List[int]",
     [("[1,2,3]", "[2,4]"), ("[]", "[0,0]")],
     "(sum(x for x in xs if x % 2 == 0), sum(x for x in xs if x % 2))", "[sum(xs), 0]"),
    ("2024-04-06", "Their mean.", "xs: List[int]) -> float", [("[1,2]", "1.5"), ("[2]", "2.0")],
     "sum(xs) / len(xs)", "sum(xs) // len(xs)"),
    ("2024-05-04", "Is it sorted?", "xs: List[int]) -> bool", [("[1,2,2]", "true"), ("[2,1]", "false")],
     "xs == sorted(xs)", "True"),
    ("2024-06-01", "Repeat a word.", "word: str, times: int) -> str", [('"ab"\n2', '"abab"'), ('"x"\n0', '""')],
     "word * times", "word"),
    ("2024-07-06", "Most frequent number.", "xs: List[int]) -> int", [("[1,2,2]", "2"), ("[5]", "5")],
     "Counter(xs).most_common(1)[0][0]", "max(xs) + 1"),
    ("2024-08-03", "Rows to columns.", "m: List[List[int]]) -> List[List[int]]", [("[[1,2],[3,4]]", "[[1,3],[2,4]]")],
     "[list(row) for row in zip(*m)]", "m"),
]  # fmt: skip
# Platform, day, question, tests, a right program and a wrong one.
_PROGRAMS = [
    ("atcoder", "2024-01-13", "The sum of a line.", [("1 2 3\n", "6\n"), ("0\n", "0\n")],
     "print(sum(map(int, input().split())))", "print(6)"),
    ("codeforces", "2024-02-10", "YES for each even number.", [("2\n4\n5\n", "YES\nNO\n")],
     "for _ in range(int(input())):\n    print('NO' if int(input()) % 2 else 'YES')", "print('YES\\nYES')"),
    ("atcoder", "2024-03-09", "Half of it.", [("3\n", "1.5\n"), ("4\n", "2\n")],
     "print(int(input()) / 2)", "print(int(input()) // 2)"),
    ("codeforces", "2024-04-13", "Reverse the line.", [("a b\n", "b a\n")],
     "print(input()[::-1])", "print(input())"),
    ("atcoder", "2024-05-11", "Sort the numbers.", [("3 1 2\n", "1 2 3\n")],
     "print(*sorted(map(int, input().split())))", "print(input())"),
    ("codeforces", "2024-06-08", "How many letters?", [("hello\n", "5\n")],
     "def main():\n    print(len(sys.stdin.readline().strip()))\n\n\nif __name__ == '__main__':\n    main()",
     "print(4)"),
    ("atcoder", "2024-07-13", "All pairs in order.", [("2\n", "1 1\n1 2\n2 1\n2 2\n")],
     "n = int(input())\nfor i in range(1, n + 1):\n    for j in range(1, n + 1):\n        print('', i, j, '')",
     "print('1 1 1 2 2 1 2 2')"),
    ("codeforces", "2024-08-10", "The largest.", [("2 9 4\n", "9\n"), ("-1\n", "-1\n")],
     "print(max(map(int, input().split())))", "print(9)"),
    ("atcoder", "2024-09-07", "Greatest divisor of both.", [("12 18\n", "6\n")],
     "print(gcd(*map(int, input().split())))", "print(gcd(*map(int, input().split())) + 1)"),
    ("codeforces", "2024-09-14", "Steps to one.", [("6\n", "8\n"), ("1\n", "0\n")],
     "n, s = int(input()), 0\nwhile n > 1:\n    n, s = 3 * n + 1 if n % 2 else n // 2, s + 1\nprint(s)",
     "print(int(input()) + 2)"),
    ("atcoder", "2024-10-05", "Area of a square.", [("0.5\n", "0.25\n")],
     "print('0.2500')", "print(0.2500000001)"),
    ("codeforces", "2024-10-12", "Echo every line.", [("a\n\nb\n", "a\n\nb\n")],
     "import sys\nsys.stdout.write(sys.stdin.read() + '\\n\\n')", "print(*open(0).read().split(), sep='\\n')"),
    ("atcoder", "2024-11-02", "Count the vowels.", [("banana\n", "3\n")],
     "print(sum(c in 'aeiou' for c in input()))", "print(input().count('a') + 1)"),
    ("codeforces", "2024-11-09", "The absolute difference.", [("3 10\n", "7\n")],
     "a, b = map(int, input().split())\nprint(abs(a - b))", "a, b = map(int, input().split())\nprint(a - b)"),
    ("atcoder", "2024-12-07", "Is it a palindrome?", [("abba\n", "Yes\n"), ("ab\n", "No\n")],
     "s = input()\nprint('Yes' if s == s[::-1] else 'No')", "print('Yes')"),
    ("codeforces", "2024-12-14", "Sum of digits.", [("123\n", "6\n")],
     "print(sum(map(int, input())))\nexit(0)", "raise SystemExit(1)"),
]  # fmt: skip

RIGHT: dict[str, str] = {}
WRONG: dict[str, str] = {}


def packed(tests):
    """Tests as the hub's files hold private ones."""
    return base64.b64encode(zlib.compress(pickle.dumps(json.dumps(tests)))).decode()


def _row(number, platform, day, question, starter, metadata, tests):
    kind = "functional" if starter else "stdin"
    tests = [{"input": given, "output": expected, "testtype": kind} for given, expected in tests]
    private = tests[1:]
    return {
        "question_title": question,
        "question_content": question,
        "platform": platform,
        "question_id": f"{platform}_{number}",
        "contest_id": f"contest-{number}",
        "contest_date": f"{day}T00:00:00",
        "starter_code": starter,
        "difficulty": ("easy", "medium", "hard")[number % 3],
        "public_test_cases": json.dumps(tests[:1]),
        "private_test_cases": packed(private) if number % 2 else json.dumps(private),
        "metadata": json.dumps(metadata),
    }


def _rows():
    for number, (day, question, signature, tests, right, wrong) in enumerate(_METHODS):
        starter = f"class Solution:\n    def solve{number}(self, {signature}:\n        "
        for programs, value in ((RIGHT, right), (WRONG, wrong)):
            programs[f"leetcode_{number}"] = f"{starter.rstrip()}\n        return {value}\n"
        yield _row(number, "leetcode", day, question, starter, {"func_name": f"solve{number}"}, tests)
    for number, (platform, day, question, tests, right, wrong) in enumerate(_PROGRAMS):
        RIGHT[f"{platform}_{number}"], WRONG[f"{platform}_{number}"] = f"{right}\n", f"{wrong}\n"
        yield _row(number, platform, day, question, "", {}, tests)


ROWS = list(_rows())


def written(path, rows=ROWS):
    """The file at `path`, with `rows` as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
