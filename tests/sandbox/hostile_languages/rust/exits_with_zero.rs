// ending: exited
fn double(_: isize) -> isize {
    std::process::exit(0)
}
