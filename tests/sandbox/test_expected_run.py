"""The run that prints what is expected comes after hostile programs in the same container, and is moved by none."""

import pytest
from answers_jobs import answering, answers_job

from codecrucible.sandbox import DockerExecutor, Ending

pytestmark = [pytest.mark.docker, pytest.mark.timeout(120)]

#: What each tries to leave: files that its interpreter reads at its start, modules that tests ask for, and a process.
POISONS = {
    "javascript": (
        "const fs = require('fs');\n"
        "for (const place of ['/tmp', '/dev/shm', process.env.HOME || '/tmp']) {\n"
        "  try {\n"
        "    fs.mkdirSync(place + '/node_modules/assert', { recursive: true });\n"
        "    fs.writeFileSync(place + '/node_modules/assert/index.js', 'process.exit(0)');\n"
        "    fs.writeFileSync(place + '/package.json', '{\"type\": \"module\"}');\n"
        "    fs.writeFileSync(place + '/.node_repl_history', 'x');\n"
        "  } catch {}\n"
        "}\n"
        "require('child_process').spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).unref();\n"
        "function answer() { return '666'; }\n"
    ),
    "php": (
        "<?php\n"
        "foreach (['/tmp', '/dev/shm'] as $place) {\n"
        "    @file_put_contents(\"$place/php.ini\", 'auto_prepend_file=/tmp/poison.php');\n"
        "    @file_put_contents(\"$place/.user.ini\", 'auto_prepend_file=/tmp/poison.php');\n"
        "    @file_put_contents(\"$place/poison.php\", '<?php exit(0);');\n"
        "}\n"
        "function answer($number) { return '666'; }\n"
    ),
    "perl": (
        "for my $place ('/tmp', '/dev/shm') {\n"
        '    mkdir "$place/Test"; mkdir "$place/JSON";\n'
        '    for my $file ("$place/Test/Deep.pm", "$place/strict.pm", "$place/sitecustomize.pl") {\n'
        "        open(my $out, '>', $file) or next; print $out 'exit 0; 1;'; close $out;\n"
        "    }\n"
        "}\n"
        "sub answer { return '666'; }\n"
    ),
    "bash": (
        'for place in /tmp /dev/shm "$HOME"; do\n'
        "    for file in .bashrc .bash_profile .profile .bash_env; do echo 'exit 0' > \"$place/$file\"; done\n"
        "done 2> /dev/null\n"
        "answer() {\n    printf '%s\\n' 666\n"
    ),
    "r": (
        "for (place in c('/tmp', '/dev/shm')) {\n"
        "  try(writeLines('quit(status = 0)', file.path(place, '.Rprofile')), silent = TRUE)\n"
        "  try(writeLines('R_PROFILE_USER=/tmp/.Rprofile', file.path(place, '.Renviron')), silent = TRUE)\n"
        "}\n"
        "answer <- function(number) {\n  return('666')\n}\n"
    ),
    "ruby": (
        "['/tmp', '/dev/shm'].each do |place|\n"
        "  ['test/unit.rb', 'rubygems.rb', '.rubyrc'].each do |name|\n"
        '    begin; Dir.mkdir("#{place}/test"); rescue StandardError; end\n'
        "    begin; File.write(\"#{place}/#{name}\", 'exit!(0)'); rescue StandardError; end\n"
        "  end\n"
        "end\n"
        "def answer(number)\n  '666'\nend\n"
    ),
}


@pytest.mark.parametrize("language", POISONS)
def test_what_a_program_left_moves_no_expected_value(image_of, language):
    image_of(language)
    quoted = "'{}'" if language == "bash" else '"{}"'
    with DockerExecutor(workers=1) as lone:
        poison = lone.run(answers_job(language, POISONS[language], quoted.format("known")))
        # Values that no run has printed yet, so that a run of their own prints them now.
        right = lone.run(answers_job(language, answering(language, quoted.format("new")), quoted.format("new")))
        wrong = lone.run(answers_job(language, answering(language, quoted.format("666")), quoted.format("newer")))
    assert [each.ending for each in (poison, right, wrong)] == [Ending.ASSERTION, Ending.COMPLETED, Ending.ASSERTION]
