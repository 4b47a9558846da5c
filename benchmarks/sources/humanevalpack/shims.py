"""Source text that goes before a program of HumanEvalPack, or before its tests, in place of what the image lacks."""

PYTHON_HEAD = (
    "".join(
        f"import {name}\n"
        for name in (
            "math",
            "re",
            "sys",
            "copy",
            "datetime",
            "itertools",
            "collections",
            "heapq",
            "statistics",
            "functools",
            "hashlib",
            "string",
        )
    )
    + "from typing import *\nfrom collections import *\n"
)


THROWING = 'console.assert = (holds) => { if (!holds) throw new Error("Assertion failed"); };\n'


#: Packages that a program may use without importing them, as upstream's evaluation has it, each with a use of it.
GO_USES = {
    "bytes": "bytes.Equal",
    "crypto/md5": "md5.New",
    "fmt": "fmt.Sprint",
    "math": "math.Abs",
    "math/rand": "rand.Int",
    "reflect": "reflect.DeepEqual",
    "regexp": "regexp.MustCompile",
    "sort": "sort.Ints",
    "strconv": "strconv.Itoa",
    "strings": "strings.Repeat",
    "testing": "testing.Short",
    "time": "time.Now",
}


GO_HEAD = (
    "package pack\n\nimport (\n"
    + "".join(f'\t"{name}"\n' for name in GO_USES)
    + ")\n\n"
    + "".join(f"var _ = {use}\n" for use in GO_USES.values())
)


GO_ASSERT = """
type asserting struct{ t *testing.T }

var assert asserting

func (asserting) New(t *testing.T) asserting { return asserting{t} }

func (a asserting) Equal(expected, actual interface{}, _ ...interface{}) bool {
	want, isBytes := expected.([]byte)
	got, areBytes := actual.([]byte)
	if (isBytes && areBytes && bytes.Equal(want, got)) || reflect.DeepEqual(expected, actual) {
		return true
	}
	a.t.Errorf("expected %v, got %v", expected, actual)
	return false
}

"""


CPP_HEAD = "#include<assert.h>\n#include<bits/stdc++.h>\nusing namespace std;\n"


#: Two rows use boost's `any`, which became the standard's.
BOOST = "namespace boost { using std::any; using std::any_cast; }"


#: Four rows draw the arguments of their calls with the crate `rand`, which the image lacks.
RAND = """
mod rand {
    use std::sync::atomic::{AtomicUsize, Ordering};

    static STATE: AtomicUsize = AtomicUsize::new(42);

    pub struct ThreadRng;

    pub fn thread_rng() -> ThreadRng {
        ThreadRng
    }

    fn next() -> u32 {
        let old = STATE.load(Ordering::SeqCst) as u64;
        let new = old.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        STATE.store(new as usize, Ordering::SeqCst);
        (new >> 33) as u32
    }

    impl ThreadRng {
        pub fn gen<T: Drawn>(&mut self) -> T {
            T::drawn(next())
        }

        pub fn gen_range<T: Drawn>(&mut self, low: T, high: T) -> T {
            T::between(low, high, next())
        }
    }

    pub trait Drawn {
        fn drawn(bits: u32) -> Self;
        fn between(low: Self, high: Self, bits: u32) -> Self;
    }

    impl Drawn for i32 {
        fn drawn(bits: u32) -> i32 {
            (bits >> 3) as i32
        }
        fn between(low: i32, high: i32, bits: u32) -> i32 {
            low + (bits % (high - low) as u32) as i32
        }
    }

    impl Drawn for u32 {
        fn drawn(bits: u32) -> u32 {
            bits
        }
        fn between(low: u32, high: u32, bits: u32) -> u32 {
            low + bits % (high - low)
        }
    }

    impl Drawn for u8 {
        fn drawn(bits: u32) -> u8 {
            bits as u8
        }
        fn between(low: u8, high: u8, bits: u32) -> u8 {
            low + (bits % (high - low) as u32) as u8
        }
    }

    pub fn random<T: Drawn>() -> T {
        T::drawn(next())
    }
}
"""


USED = "".join(
    f"use std::{name};\n"
    for name in (
        "slice::Iter",
        "cmp::max",
        "cmp",
        "mem::replace",
        "collections::HashSet",
        "collections::HashMap",
        "ops::Index",
        "ascii::AsciiExt",
        "any::Any",
        "any::TypeId",
    )
)
