# ending: syntax_error
def twice(x):
    return 0


hidden = """
