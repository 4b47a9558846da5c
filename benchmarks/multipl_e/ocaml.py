"""MultiPL-E in OCaml."""

import re

from benchmarks.multipl_e.translation import REACHED, Translation
from benchmarks.negative_control import NUMBER, STRING, Form, changed


def _changed(text: str) -> str:
    return changed(text, {"[]": "[Obj.magic 0]"})


FORM = Form(
    opening=r"\(assert \(\(candidate",
    between=(" = ",),
    end=")",
    literal=re.compile(rf"{STRING}|{NUMBER}|\b(?:true|false)\b|\[\]", re.DOTALL),
    changed=_changed,
)


TRANSLATION = Translation(
    suffix="ml",
    language="ocaml",
    title="OCaml",
    changes=FORM.changes,
    stub=f'  failwith "{REACHED}"\n',
    sha256={
        "humaneval": "0d8519ad64c1e73a2b8073442ccf330eb2475d8fdd93574817ca85e30097bd58",
        "mbpp": "d41c65dd67369c0915541f4257d98391878e80dba388ed9cf2bd7a0daaad82a9",
    },
)
