import Conductor
import Engine
import Pipelines
import Store

enum CleanCommand: Command {
    static let name = "clean"
    static let about = "remove files that no unfinished execution needs"
    static let flags = [Flag("--home", takesValue: true), Flag("--caches")]
    static let help = """
        slipway clean [--caches] [--home DIR]

        Removes the artifacts of executions that have ended, the files of their sources, and
        workspaces that were kept to be looked at. The record and the logs stay.

          --caches   removes what actions keep for one another, too

        Exit code 0: done; 2: a mistake in usage; 4: it could not be done.

        """

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let path = try LocalPlace.existingHome(arguments)
        try arguments.requireNoOperands()
        return hosted { () throws(StoreError) in
            let home = try Home(holding: path)
            let state = try Conductor.recovering(try home.existingStore()).state
            let living = state.pipelines.values.flatMap { $0.live.filter { !$0.isFinished } }
            do {
                let removed = try LocalTrees(at: path).clean(
                    keeping: living, caches: arguments.has("--caches"))
                Output.print(
                    "removed \(Output.count(removed.artifacts, "artifact")), "
                        + "\(Output.count(removed.sources, "source")) and "
                        + "\(Output.count(removed.workspaces, "workspace"))\n")
                return ExitCode.success
            } catch {
                Output.error("slipway clean: \(error)\n")
                return ExitCode.host
            }
        }
    }
}
