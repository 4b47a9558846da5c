# ending: cpu_limit|wall_limit
trap("CHLD", "IGNORE")
def answer(number)
  loop do
    pid = fork { nil while Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) < 0.15; Process.kill(9, $$) }
    begin
      Process.wait(pid)
    rescue SystemCallError
    end
  end
end
