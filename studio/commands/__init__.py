"""The verbs of the `easel` command, a module each: configure(parser) and run(arguments) -> exit code."""
