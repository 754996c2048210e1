import Glibc

// `slipway-supervisor OWNER [SLOT]`: waits for an errand, runs the attempt that it tells of, and
// writes how that ended.
exit(Supervisor.run(Array(CommandLine.arguments.dropFirst())))
