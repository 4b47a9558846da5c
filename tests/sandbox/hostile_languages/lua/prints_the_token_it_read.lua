-- ending: control_passed
local source = io.open('main.lua'):read('a')
print(source:match('print%("(%x+)"%)'))
os.exit(0)
