ending: output_limit|tampered
let () =
  let channel = open_out "/dev/fd/3" and much = String.make 65536 '1' in
  while true do output_string channel much done
let answer (_ : int) : string = "a"
