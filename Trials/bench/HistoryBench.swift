import Engine
import Pipelines
import Store

/// Makes a home in which many executions have come to their end, for others to measure what it is
/// to start there and to be asked.
enum HistoryBench {
    private static let pipelines = 20
    private static let recordsAtOnce = 5_000
    /// As a server would have left it: the newest records are behind the snapshot.
    private static let unkept = 500

    static func run(home: String, executions count: Int) throws {
        let folder = try Home(holding: home)
        var store = try folder.store()
        var state = EngineState()
        var unsaved: [Record] = []
        var clock: Int64 = 1_700_000_000_000
        func tell(_ command: Command) throws {
            clock += 1_000
            let now = Moment(wall: clock, steady: Steady(milliseconds: clock))
            unsaved += try state.decide(command, by: .slipway, at: now).records
        }
        let definitions = (0..<pipelines).compactMap(definition)
        guard let source = SourceName("app") else { return }
        for definition in definitions { try tell(.define(definition)) }
        for number in 0..<count {
            let revision = Revision(source: source, ref: "main", commit: "c\(number)")
            let name = definitions[number % definitions.count].name
            try tell(.start(Start(name, revisions: [revision])))
            while let entry = state.runners.underWay.first {
                try tell(.started(entry.attempt))
                try tell(.finished(entry.attempt, AttemptResult(end: .succeeded)))
            }
            if unsaved.count > recordsAtOnce {
                try store.append(unsaved)
                unsaved = []
            }
            if number == max(0, count - unkept / 10) {
                try store.append(unsaved)
                unsaved = []
                try store.keep(state)
            }
        }
        try store.append(unsaved)
    }

    private static func definition(_ number: Int) -> Definition? {
        let text = """
            name: p\(number)
            sources: { app: { git: /nowhere } }
            stages:
              - name: build
                actions: { compile: { run: a }, test: { run: c, after: compile } }
            """
        return Definition.read(Array(text.utf8)).definition
    }
}
