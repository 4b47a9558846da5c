import array, ast, base64, bz2, collections.abc, csv, ctypes, difflib, email.message, graphlib, gzip, hashlib, html, io
import ipaddress, lzma, mmap, pprint, secrets, shlex, string, struct, tarfile, textwrap, tokenize, tomllib, unicodedata
import urllib.parse, uuid, weakref, xml.etree.ElementTree as tree, zipfile, zlib
print(hashlib.sha256(b"x").hexdigest(), zlib.crc32(b"x"), base64.b64encode(b"\xff"), gzip.decompress(gzip.compress(b"g")))
print(bz2.decompress(bz2.compress(b"b")), lzma.decompress(lzma.compress(b"l")), struct.pack(">I", 1), array.array("i", [1]))
print(ast.unparse(ast.parse("a+b*c")), ast.literal_eval("[1, {'a': 2}]"), tomllib.loads("a = 1"), shlex.split("a 'b c'"))
print(list(csv.reader(io.StringIO("a,b\n1,2\n"))), tree.fromstring("<a><b x='1'/></a>")[0].attrib, html.escape("<"))
print(urllib.parse.urlsplit("http://h/p?q=1").query, ipaddress.ip_network("10.0.0.0/30").num_addresses, textwrap.fill("a b c", 3))
print(list(graphlib.TopologicalSorter({"b": {"a"}}).static_order()), unicodedata.name("\u00e9"), uuid.uuid5(uuid.NAMESPACE_DNS, "x"))
print(ctypes.sizeof(ctypes.c_long), pprint.pformat({"k": list(range(40))}), difflib.get_close_matches("aple", ["apple"]))
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w") as archive: archive.writestr("n", "data")
print(zipfile.ZipFile(buffer).read("n"), len(secrets.token_hex(4)), mmap.mmap(-1, 10)[:2])
