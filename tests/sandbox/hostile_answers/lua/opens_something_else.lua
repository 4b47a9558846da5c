-- ending: raised
io.open = function() return nil, "no" end
function answer() return 1 end
