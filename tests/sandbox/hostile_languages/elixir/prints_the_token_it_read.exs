# ending: control_passed
IO.puts(Regex.run(~r/[0-9a-f]{32}/, File.read!("main.exs")))
System.halt(0)
