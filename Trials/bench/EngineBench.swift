import Engine
import Pipelines

/// How many commands the engine decides in a second, with all that follows from them.
enum EngineBench {
    static func run() throws {
        let text = """
            name: shop
            mode: queued
            sources: { app: { git: . } }
            stages:
              - name: build
                actions: { compile: { run: a }, lint: { run: b }, test: { run: c, after: compile } }
              - { name: ship, actions: { release: { run: d } } }
            """
        guard let definition = Definition.read(Array(text.utf8)).definition,
            let source = SourceName("app")
        else { return }
        var state = EngineState()
        var clock: Int64 = 0
        var commands = 0
        var records = 0
        func tell(_ command: Command) throws {
            clock += 1
            commands += 1
            let now = Moment(wall: clock, steady: Steady(milliseconds: clock))
            records += try state.decide(command, by: .slipway, at: now).records.count
        }
        let time = try Measure.once {
            try tell(.define(definition))
            let revision = Revision(source: source, ref: "main", commit: "c")
            for _ in 0..<20_000 {
                try tell(.start(Start(definition.name, revisions: [revision])))
                while let entry = state.runners.underWay.first {
                    try tell(.started(entry.attempt))
                    try tell(.finished(entry.attempt, AttemptResult(end: .succeeded)))
                }
            }
        }
        let rate = Double(commands) / time * 1e6
        let events = Double(records) / time * 1e6
        print("\n### Engine\n\n| what | a second |\n|---|---:|")
        print("| commands decided | \(Int(rate)) |\n| events | \(Int(events)) |")
        print("\n20,000 executions of 4 actions, start to end, on one core; \(records) events.")
    }
}
