"""What a command uses: `python -m benchmarks.scale.usage COMMAND...` prints it as JSON, beside the command's output.

The peak of a process counts what its parent had when it was spawned, so the parent has to be this small one.
"""

import json
import os
import sys
import tempfile


def main() -> None:
    """Run the command line, and end as it ends."""
    command = sys.argv[1:]
    with tempfile.TemporaryFile("w+") as output:
        actions = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1)]
        process = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
        _, status, used = os.wait4(process, 0)
        output.seek(0)
        told = {"output": output.read(), "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024 / 1e6}
    print(json.dumps(told))
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
