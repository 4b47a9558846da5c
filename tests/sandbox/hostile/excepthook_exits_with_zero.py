# ending: exited
import os, sys
sys.excepthook = lambda *arguments: os._exit(0)
raise ValueError
