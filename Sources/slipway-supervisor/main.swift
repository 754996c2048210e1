import Glibc

// `slipway-supervisor FOLDER`: runs the attempt that the folder tells of, and writes how it ended.
exit(Supervisor.run(Array(CommandLine.arguments.dropFirst())))
