# ending: output_limit|cpu_limit
yes 'a line of output that goes on and on'
