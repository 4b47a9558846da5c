IO.read(:stdio, :eof)
|> case do
  :eof -> ""
  text -> text
end
|> String.split()
|> Enum.map(&String.to_integer/1)
|> Enum.sum()
|> IO.puts()
