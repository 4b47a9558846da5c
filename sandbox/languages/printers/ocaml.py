"""Prints values of OCaml so that two have one text if, and only if, `=` holds between them.

OCaml keeps no types in values, and `=` compares values of one type alone. So the type of the row's prompt is written
down twice: for the compiler, which refuses an answer of another one, and as text, which says how the value is printed.
"""

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
let crucible_answer number of_type value =
  let module Out = struct
    exception Long
    let buffer = Buffer.create 100
    let add text = if Buffer.length buffer > 1_000_000 then raise Long else Buffer.add_string buffer text
    let quoted text = String.iter (fun c -> add (if c = '"' || c = '\\' then "\\" else ""); add (String.make 1 c)) text
    let number value =
      let texts = [Printf.sprintf "%.15g" value; Printf.sprintf "%.16g" value] in
      if value = 0. then "0" else
      match List.find_opt (fun text -> float_of_string text = value) texts with
      | Some text -> text
      | None -> Printf.sprintf "%.17g" value
    let several opening printers value closing =
      add opening;
      List.iteri (fun at print -> if at > 0 then add ", "; print (Obj.field value at)) printers;
      add closing
    let list print value =
      let left = ref value in
      add "[";
      while Obj.is_block !left do
        print (Obj.field !left 0);
        left := Obj.field !left 1;
        if Obj.is_block !left then add "; "
      done;
      add "]"
    let option print value = if Obj.is_block value then several "Some(" [print] value ")" else add "None"
    let named = function
      | "int" -> fun value -> add (string_of_int (Obj.obj value))
      | "float" -> fun value -> add (number (Obj.obj value))
      | "bool" -> fun value -> add (string_of_bool (Obj.obj value))
      | "string" -> fun value -> add "\""; quoted (Obj.obj value); add "\""
      | name -> failwith ("nothing prints the type " ^ name)
    let rec product words =
      let first, rest = postfix words in
      match rest with
      | "*" :: rest ->
        let rec more printers words =
          match postfix words with
          | next, "*" :: rest -> more (next :: printers) rest
          | next, rest -> List.rev (next :: printers), rest in
        let printers, rest = more [first] rest in
        (fun value -> several "(" printers value ")"), rest
      | _ -> first, rest
    and postfix words =
      let rec applied print = function
        | "list" :: rest -> applied (list print) rest
        | "option" :: rest -> applied (option print) rest
        | rest -> print, rest in
      match words with
      | "(" :: rest ->
        (match product rest with
         | print, ")" :: rest -> applied print rest
         | _ -> failwith "a bracket of a type is not closed")
      | name :: rest -> applied (named name) rest
      | [] -> failwith "there is no type"
  end in
  let spaced = function '(' -> " ( " | ')' -> " ) " | '*' -> " * " | c -> String.make 1 c in
  let parts = String.concat "" (List.map spaced (List.of_seq (String.to_seq of_type))) in
  let print, _ = Out.product (List.filter ((<>) "") (String.split_on_char ' ' parts)) in
  (try print (Obj.repr value) with Out.Long -> ());
  let channel = open_out_gen [Open_wronly; Open_append; Open_binary] 0 "/dev/fd/3" in
  Printf.fprintf channel "%d %d %s\n" number (Buffer.length Out.buffer) (Buffer.contents Out.buffer);
  close_out channel
"""

PRINTER = Printer(
    text=_TEXT,
    statement='(crucible_answer {number} "{result}" ({value} : {result}));',
    program=lambda program, printer, tests: f'{printer}# 1 "main.ml"\n{program}\n{tests}',
    expected="{printer}let expected =\n{statements}\n  ()\n",
    never_equal=r"\bnan\b",
)
"""OCaml's, which comes before the program, so that what that calls its own is none of the printer's."""
