"""What the references of ClassEval showed when all of them ran in the image."""

from collections.abc import Mapping

DEAD: Mapping[str, str] = {
    "ClassEval_17": "a test expects that a day of January 2024 is still to come",
    "ClassEval_48": "a test expects the name of its author's machine",
    "ClassEval_52": "its tests need NLTK's averaged_perceptron_tagger, which states no licence, and wordnet",
    "ClassEval_69": "its tests need PyPDF2 and reportlab, which are not in the image",
}
"""Why the reference does not pass in the image, by task id."""

UNCHANGED: Mapping[str, tuple[str, ...]] = {
    "ClassEval_99": ("test_ZipFileProcessorTestReadZipFile_test_read_zip_file_5",),
}
"""Methods that are never changed, since one that fails leaves files behind with which another fails, by task id."""
