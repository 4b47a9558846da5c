let rec total sum =
  match Scanf.scanf " %d" (fun number -> number) with
  | number -> total (sum + number)
  | exception _ -> sum

let () = print_endline (string_of_int (total 0))
