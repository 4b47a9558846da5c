"""Python with the libraries that programs for data, plots, the web and texts import, and tests of `unittest`.

No language of its own: programs are in Python, and are scanned and compared as such. They run in an image that is some
gigabytes, so nobody who does not ask for it by name gets it.
"""

from codecrucible.sandbox.image.preloaded import NAME
from codecrucible.sandbox.languages.declaration import Family, Language, Trial
from codecrucible.sandbox.limits import MEBIBYTE

FAMILY = Family(
    name="python-libraries",
    packages=(
        "python3",
        "python3-pip",
        "python-is-python3",
        "python3-tk",
        "tesseract-ocr",
        "libsndfile1",
        "procps",
        "unzip",
        "zip",
    ),
    recipe="libraries",
    compiles=True,
    preload=(
        "unittest.mock",
        "numpy",
        "pandas",
        "matplotlib.pyplot",
        "scipy.stats",
        "sklearn",
        "seaborn",
        "nltk",
    ),
    memory_bytes=2560 * MEBIBYTE,
)

_TESTS = """\
import unittest


class TestCases(unittest.TestCase):
    def test_double(self):
        self.assertEqual(int(double(numpy.int64(21))), 42)
"""

LANGUAGE = Language(
    name=FAMILY.name,
    family=FAMILY.name,
    file_name="main.py",
    run=(NAME, "main.py"),
    syntax=("python3", "-s", "-B", "-c", "compile(open('main.py', 'rb').read(), 'main.py', 'exec')"),
    token="",
    processes=128,
    unittest=True,
    trial=Trial(
        right="import numpy\n\n\ndef double(x):\n    return numpy.add(x, x)\n",
        wrong="import numpy\n\n\ndef double(x):\n    return x\n",
        tests=_TESTS,
    ),
)
