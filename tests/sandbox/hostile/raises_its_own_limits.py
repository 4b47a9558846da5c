# ending: cpu_limit
import resource
for name in dir(resource):
    if name.startswith("RLIMIT_"):
        for wanted in (resource.RLIM_INFINITY, resource.getrlimit(getattr(resource, name))[1]):
            try: resource.setrlimit(getattr(resource, name), (wanted, wanted))
            except (OSError, ValueError): pass
try: open("/proc/self/oom_score_adj", "w").write("-1000")
except OSError: pass
def double(x):
    while True: pass
