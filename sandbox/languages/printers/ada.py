"""Prints values of Ada so that two have one text if, and only if, `=` of their type holds between them.

What prints a value is made from the declared types: arrays, records, options, vectors and ordered maps, as the prompts
of MultiPL-E declare them. The language's own `'Image` does not do: it shows six digits of a number, fails on strings
that are not ASCII, and takes the compiler many times as long.
"""

import re

from codecrucible.sandbox.languages.declaration import Printer, last_match

_STRINGS = "Ada.Strings.Unbounded"
_WITH = f"with GNAT.OS_Lib;\nwith {_STRINGS};\n"

_BASE = r"""
   subtype Crucible_Texts is Ada.Strings.Unbounded.Unbounded_String;

   function Crucible_Trimmed (Text : String) return String is
     (if Text (Text'First) = ' ' then Text (Text'First + 1 .. Text'Last) else Text);

   function Crucible_Text (X : Integer) return String is (Crucible_Trimmed (Integer'Image (X)));

   function Crucible_Text (X : Boolean) return String is (if X then "True" else "False");

   function Crucible_Text (X : Float) return String is
     (if X /= X then "NaN"
      elsif X = 0.0 then "0.0"
      else Crucible_Trimmed (Long_Long_Float'Image (Long_Long_Float (X))));

   function Crucible_Text (X : String) return String is
      All_Of_It : Crucible_Texts;
   begin
      for Each of X loop
         if Each = '"' or else Each = '\' then
            Ada.Strings.Unbounded.Append (All_Of_It, '\');
         end if;
         if Character'Pos (Each) < 128 then
            Ada.Strings.Unbounded.Append (All_Of_It, Each);
         else
            Ada.Strings.Unbounded.Append (All_Of_It, Character'Val (192 + Character'Pos (Each) / 64));
            Ada.Strings.Unbounded.Append (All_Of_It, Character'Val (128 + Character'Pos (Each) mod 64));
         end if;
      end loop;
      return '"' & Ada.Strings.Unbounded.To_String (All_Of_It) & '"';
   end Crucible_Text;

   function Crucible_Text (X : Ada.Strings.Unbounded.Unbounded_String) return String is
     (Crucible_Text (Ada.Strings.Unbounded.To_String (X)));

   procedure Crucible_Add (To : in out Crucible_Texts; Text : String) is
   begin
      if Ada.Strings.Unbounded.Length (To) > 0 then
         Ada.Strings.Unbounded.Append (To, ", ");
      end if;
      Ada.Strings.Unbounded.Append (To, Text);
   end Crucible_Add;
"""

_ALL_OF = """
   function Crucible_Text (X : {type}) return String is
      All_Of_It : Crucible_Texts;
   begin
      {each}
      return "[" & Ada.Strings.Unbounded.To_String (All_Of_It) & "]";
   end Crucible_Text;
"""
_EACH = "for Each of X loop Crucible_Add (All_Of_It, Crucible_Text (Each)); end loop;"
_EACH_PAIR = (
    "for Each in X.Iterate loop Crucible_Add (All_Of_It, Crucible_Text ({name}.Key (Each)) & "
    '" => " & Crucible_Text ({name}.Element (Each))); end loop;'
)
_AS = """
   function Crucible_Text (X : {type}) return String is ({text});
"""

_ANSWER = """
   procedure Crucible_Answer (Number : Positive; Value : {type}) is
      Text  : constant String := Crucible_Text (Value);
      Whole : constant String := Crucible_Text (Number) & Integer'Image (Text'Length) & " " & Text & Character'Val (10);
      First : Positive := Whole'First;
      Wrote : Integer;
   begin
      while First <= Whole'Last loop
         Wrote := GNAT.OS_Lib.Write (3, Whole (First)'Address, Whole'Last - First + 1);
         if Wrote <= 0 then
            GNAT.OS_Lib.OS_Exit (70);
         end if;
         First := First + Wrote;
      end loop;
   end Crucible_Answer;
"""

_DECLARED = re.compile(
    r"type (?P<array>\w+) is array \(Positive range <>\) of (?P<elements>[\w.]+);"
    r"|package (?P<package>\w+) is new Ada\.Containers\.(?:Indefinite_)?(?P<kind>Vectors|Ordered_Sets|Ordered_Maps) "
    r"\((?P<parameters>[^)]*)\);"
    r"|type (?P<option>\w+) \(Valid : Boolean := False\) is record\b.*?\bValue : (?P<value>[\w.]+);"
    r"|type (?P<record>\w+) is record\b(?P<fields>.*?)\bend record;",
    re.DOTALL,
)


def _texts(result: str) -> list[str]:
    """A function for each declared type that the one at the end of `result` consists of, in their order."""
    needed, texts = {result.rsplit(maxsplit=1)[-1]}, []
    for found in reversed(list(_DECLARED.finditer(result))):
        name, parts, text = _declared(found)
        if name in needed:
            needed |= parts
            texts.append(text)
    return texts[::-1]


def _declared(found: re.Match[str]) -> tuple[str, set[str], str]:
    """A type, those that it consists of, and the function that makes a text of it."""
    if found["array"]:
        return found["array"], {found["elements"]}, _ALL_OF.format(type=found["array"], each=_EACH)
    if found["package"]:
        name = f"{found['package']}.{found['kind'].removeprefix('Ordered_')[:-1]}"
        each = _EACH_PAIR.format(name=found["package"]) if found["kind"] == "Ordered_Maps" else _EACH
        return name, set(re.findall(r"=> ([\w.]+)", found["parameters"])), _ALL_OF.format(type=name, each=each)
    if found["option"]:
        text = '"(Valid => True, Value => " & Crucible_Text (X.Value) & ")" else "(Valid => False)"'
        return found["option"], {found["value"]}, _AS.format(type=found["option"], text=f"if X.Valid then {text}")
    fields = dict(re.findall(r"(\w+) : ([\w.]+);", found["fields"]))
    text = ' & ", " & '.join(f"Crucible_Text (X.{field})" for field in fields)
    return found["record"], set(fields.values()), _AS.format(type=found["record"], text=f'"(" & {text} & ")"')


def _text(result: str) -> str:
    """What prints the type that `result` ends with, and may declare before."""
    return "".join((_BASE, *_texts(result), _ANSWER.replace("{type}", result.rsplit(maxsplit=1)[-1])))


def _in_main(program: str, printer: str, tests: str) -> str:
    """What prints stands among the declarations of the tests' main procedure."""
    main = last_match(tests, r"(?i)^[ \t]*procedure\s+Main\s+is\b", "`procedure Main is`").start()
    begin = main + last_match(tests[main:], r"^begin\b", "`begin`").start()
    return f"{program}\n{tests[:main]}{_WITH}{tests[main:begin]}{printer}{tests[begin:]}"


_EXPECTED = f"""\
pragma Ada_2022;
with Ada.Containers.Indefinite_Ordered_Maps;
with Ada.Containers.Indefinite_Ordered_Sets;
with Ada.Containers.Vectors;
with {_STRINGS}; use {_STRINGS};

package Placeholder is
{{result}} is (raise Program_Error);
end Placeholder;

pragma Ada_2022;
with {_STRINGS}; use {_STRINGS};
{_WITH}with Placeholder; use Placeholder;

procedure Main is
{{printer}}
begin
{{statements}}
end Main;
"""

PRINTER = Printer(
    text=_text,
    statement="Crucible_Answer ({number}, {value});",
    program=_in_main,
    expected=_EXPECTED,
    never_equal=r"\bNaN\b",
)
"""Ada's."""
