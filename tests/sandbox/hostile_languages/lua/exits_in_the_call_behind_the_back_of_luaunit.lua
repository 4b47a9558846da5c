-- ending: exited
function double()
  require('luaunit').oldOsExit(0)
end
