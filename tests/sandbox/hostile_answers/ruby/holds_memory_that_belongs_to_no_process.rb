# ending: memory_limit|cpu_limit
def answer(number)
  files = (1..100).map { |each| IO.for_fd(syscall(319, "memory #{each}", 0), "wb") }
  exec("sh", "-c", "echo -1000 > /proc/self/oom_score_adj; " + files.map { |each|
    "head -c 15000000 /dev/zero > /proc/self/fd/#{each.fileno}"
  }.join("; ") + "; sleep 100", files.to_h { |each| [each.fileno, each.fileno] })
end
