# ending: raised
class Hostile(Exception):
    def __str__(self): return "\x1b]0;title\x07\x1b[2J\u202e\ud800\r\n::error::passed\x00" * 100
    __repr__ = __str__
def double(x): raise Hostile("\x9b31m")
