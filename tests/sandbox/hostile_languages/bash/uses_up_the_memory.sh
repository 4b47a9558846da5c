# ending: memory_limit|cpu_limit
text=xxxxxxxxxxxxxxxx
while true; do text=$text$text; done
