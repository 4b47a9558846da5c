# ending: raised
def double(x): raise type("<script>alert(1)</script>", (ValueError,), {})("\x1b[2J\u202e::error::\ud800 | ` \r\n")
