import Glibc

exit(await TrialCommand.run(Array(CommandLine.arguments.dropFirst())))
