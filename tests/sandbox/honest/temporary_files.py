import os, pathlib, shutil, tempfile
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "a" / "b.txt"
    path.parent.mkdir()
    path.write_text("text \u00e9\n")
    print(path.read_bytes(), [entry.name for entry in pathlib.Path(folder).rglob("*")])
    shutil.copy(path, path.with_suffix(".copy"))
    os.symlink(path, path.with_name("link"))
    print(sorted(os.listdir(path.parent)), oct(path.stat().st_mode)[-2:] in ("00", "44"))
with tempfile.NamedTemporaryFile("w+") as file:
    file.write("x" * 100_000); file.seek(0); print(len(file.read()))
with tempfile.TemporaryFile() as file: file.write(b"y"); print(file.tell())
print(tempfile.gettempdir(), os.getcwd(), os.path.expanduser("~"))
open("relative.txt", "w").close(); print(os.path.exists("/tmp/relative.txt")); os.unlink("relative.txt")
