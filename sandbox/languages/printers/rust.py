"""Prints values of Rust so that two have one text if, and only if, `assert_eq!` compiles with them and holds.

What is compared there takes the types of the answer, so that no size of a number is in the text. `Option`, `Box` and
`char` are, and so is whether a map is sorted.
"""

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
mod crucible_printer {
    use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
    use std::io::Write;
    use std::os::unix::io::FromRawFd;

    pub trait Text {
        fn text(&self) -> String;
    }

    fn joined(opening: &str, texts: Vec<String>, closing: &str) -> String {
        format!("{}{}{}", opening, texts.join(", "), closing)
    }

    fn sorted(opening: &str, mut texts: Vec<String>, closing: &str) -> String {
        texts.sort();
        joined(opening, texts, closing)
    }

    macro_rules! plain {
        ($($t:ty)*) => { $(impl Text for $t { fn text(&self) -> String { format!("{}", self) } })* }
    }
    plain!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool);

    macro_rules! float {
        ($($t:ty)*) => {
            $(impl Text for $t {
                fn text(&self) -> String { if *self == 0.0 { "0.0".to_string() } else { format!("{:?}", self) } }
            })*
        }
    }
    float!(f32 f64);

    macro_rules! tuple {
        ($($t:ident)*) => {
            #[allow(non_snake_case)]
            impl<$($t: Text),*> Text for ($($t,)*) {
                fn text(&self) -> String { let ($(ref $t,)*) = *self; joined("(", vec![$($t.text()),*], ")") }
            }
        }
    }
    tuple!(A);
    tuple!(A B);
    tuple!(A B C);
    tuple!(A B C D);
    tuple!(A B C D E);
    tuple!(A B C D E F);
    tuple!(A B C D E F G);
    tuple!(A B C D E F G H);

    impl Text for () {
        fn text(&self) -> String { "()".to_string() }
    }
    impl Text for str {
        fn text(&self) -> String { format!("\"{}\"", self.replace("\\", "\\\\").replace("\"", "\\\"")) }
    }
    impl Text for String {
        fn text(&self) -> String { (**self).text() }
    }
    impl Text for char {
        fn text(&self) -> String { format!("'{}'", self) }
    }
    impl<'a> Text for ::std::borrow::Cow<'a, str> {
        fn text(&self) -> String { (**self).text() }
    }
    impl<'a, T: Text + ?Sized> Text for &'a T {
        fn text(&self) -> String { (**self).text() }
    }
    impl<T: Text + ?Sized> Text for Box<T> {
        fn text(&self) -> String { format!("Box({})", (**self).text()) }
    }
    impl<T: Text> Text for [T] {
        fn text(&self) -> String { joined("[", self.iter().map(|each| each.text()).collect(), "]") }
    }
    impl<T: Text, const N: usize> Text for [T; N] {
        fn text(&self) -> String { self[..].text() }
    }
    impl<T: Text> Text for Vec<T> {
        fn text(&self) -> String { self[..].text() }
    }
    impl<T: Text> Text for VecDeque<T> {
        fn text(&self) -> String { joined("[", self.iter().map(|each| each.text()).collect(), "]") }
    }
    impl<T: Text> Text for Option<T> {
        fn text(&self) -> String {
            match *self { Some(ref value) => format!("Some({})", value.text()), None => "None".to_string() }
        }
    }
    impl<T: Text, E: Text> Text for Result<T, E> {
        fn text(&self) -> String {
            match *self {
                Ok(ref value) => format!("Ok({})", value.text()),
                Err(ref why) => format!("Err({})", why.text()),
            }
        }
    }
    fn pair<K: Text, V: Text>((key, value): (&K, &V)) -> String { format!("{}: {}", key.text(), value.text()) }

    impl<K: Text, V: Text, S> Text for HashMap<K, V, S> {
        fn text(&self) -> String { sorted("{", self.iter().map(pair).collect(), "}") }
    }
    impl<K: Text, V: Text> Text for BTreeMap<K, V> {
        fn text(&self) -> String { sorted("BTreeMap{", self.iter().map(pair).collect(), "}") }
    }
    impl<T: Text, S> Text for HashSet<T, S> {
        fn text(&self) -> String { sorted("set{", self.iter().map(|each| each.text()).collect(), "}") }
    }
    impl<T: Text> Text for BTreeSet<T> {
        fn text(&self) -> String { sorted("BTreeSet{", self.iter().map(|each| each.text()).collect(), "}") }
    }

    pub fn answer<T: Text + ?Sized>(number: usize, value: &T) {
        let text = value.text();
        let mut channel = unsafe { ::std::fs::File::from_raw_fd(3) };
        channel.write_all(format!("{} {} {}\n", number, text.len(), text).as_bytes()).expect("no answer can be given");
        ::std::mem::forget(channel);
    }
}
"""

PRINTER = Printer(
    text=_TEXT,
    statement="crucible_printer::answer({number}, &{value});",
    expected_statement="{ let expected: {result} = {value}; crucible_printer::answer({number}, &expected); }",
    program=lambda program, printer, tests: f"{program}\n{tests}\n{printer}",
    expected="use std::collections::*;\n{printer}fn main() {\n{statements}\n}\n",
    never_equal=r"\bNaN\b",
)
"""Rust's."""
