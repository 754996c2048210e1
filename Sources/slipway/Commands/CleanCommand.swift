import Conductor
import Engine
import Pipelines
import Premises
import Store

enum CleanCommand: Command {
    static let words = CommandWords(
        "clean", "remove files that no unfinished execution needs",
        forms: [
            Form(takes: [
                Flag("--caches", "also remove what actions keep from one execution to the next"),
                .home,
            ])
        ],
        prose: [
            "Removes the artifacts of executions that have ended, the copies of their sources, and "
                + "workspaces that `slipway run --keep` left. The record and the logs stay."
        ],
        examples: [
            .init("slipway clean", "frees what can be made again"),
            .init("slipway clean --caches", "frees the caches too; the next run fills them again"),
        ],
        exits: .usual)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let path = try LocalPlace.existingHome(arguments)
        try arguments.requireNoOperands()
        return hosted { () throws(StoreError) in
            let home = try Home(holding: path)
            let state = try Conductor.recovering(try home.existingStore()).state
            let living = state.pipelines.values.flatMap { $0.live.filter { !$0.isFinished } }
            do {
                let removed = try HouseTrees(at: path).clean(
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
