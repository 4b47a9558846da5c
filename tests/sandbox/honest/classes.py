import abc, collections, dataclasses, enum, functools, typing
@dataclasses.dataclass(order=True, frozen=True)
class Point:
    x: int
    y: "int" = 0
    tags: typing.ClassVar[list] = []
    def moved(self, by: int) -> "Point": return dataclasses.replace(self, x=self.x + by)
print(Point(1), Point(1) < Point(2), Point(1).moved(2), dataclasses.asdict(Point(3)), hash(Point(1)) == hash(Point(1)))
class Color(enum.Enum):
    RED = 1
    GREEN = enum.auto()
    @classmethod
    def default(cls): return cls.RED
class Flag(enum.IntFlag): A = 1; B = 2
print(Color.default(), Color["GREEN"].value, list(Color), Flag.A | Flag.B, Color(1) is Color.RED)
class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...
try: Shape()
except TypeError as error: print(error)
class Pair(typing.NamedTuple):
    left: int
    right: typing.Optional["Pair"] = None
print(Pair(1, Pair(2)), Pair(1)._asdict(), sorted(typing.get_type_hints(Pair)))
T = typing.TypeVar("T")
class Stack(typing.Generic[T]):
    def __init__(self) -> None: self.items: list[T] = []
    @functools.cached_property
    def size(self): return len(self.items)
print(Stack[int]().size, typing.get_type_hints(Point.moved)["return"] is Point)
class Movable(typing.Protocol):
    def moved(self, by): ...
class Kind(typing.TypedDict, total=False): name: str
print(Kind(name="x"), Kind.__optional_keys__)
class Meta(type):
    def __new__(mcls, name, bases, body): return super().__new__(mcls, name, bases, {**body, "made": name})
class Made(metaclass=Meta): __slots__ = ("a",)
print(Made.made, collections.namedtuple("P", "x y")(1, 2), Point.__qualname__)
@functools.singledispatch
def show(value): return "any"
@show.register
def _(value: int): return "int"
print(show(1), show("x"))
match Point(1, 2):
    case Point(x=1, y=y): print("matched", y)
