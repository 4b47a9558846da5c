import copy, dataclasses, json, pickle, shelve, marshal, collections
@dataclasses.dataclass
class Node:
    value: int
    children: list = dataclasses.field(default_factory=list)
class Custom:
    def __reduce__(self): return Custom, ()
def function(): return "called"
tree = Node(1, [Node(2)]); tree.children.append(tree.children[0])
loaded = pickle.loads(pickle.dumps(tree))
print(loaded == tree, loaded.children[0] is loaded.children[1], pickle.loads(pickle.dumps(function))())
print(copy.deepcopy(tree) == tree, copy.copy(tree).children is tree.children, type(pickle.loads(pickle.dumps(Custom()))) is Custom)
Pair = collections.namedtuple("Pair", "a b")
print(pickle.loads(pickle.dumps(Pair(1, 2))), json.dumps({"a": [1, None, 1.5]}), marshal.loads(marshal.dumps((1, "x"))))
import __main__
print(__main__.function(), __main__.Node is Node)
