import FoundationEssentials
import Simulation

/// The proving programs, one word each.
enum TrialCommand {
    static func run(_ words: [String]) async -> Int32 {
        do {
            return try await dispatch(words)
        } catch {
            print("trial: \(error)")
            return 1
        }
    }

    private static func dispatch(_ words: [String]) async throws -> Int32 {
        let rest = words.dropFirst()
        switch (words.first, rest.count) {
        case ("simulate", _): return try await Simulate(rest).run()
        case ("rollouts", _): return RolloutRuns.run(rest)
        case ("fuzz", _): return try fuzz(rest)
        case ("crash-prepare", 2):
            return try CrashScenario.prepare(words[1], count: Int(words[2]) ?? 30)
        case ("crash-write", 2): return CrashScenario(folder: words[1], file: words[2]).write()
        case ("crash-check", 3):
            return try CrashScenario(folder: words[1], file: words[2])
                .check(acknowledged: Int(words[3]) ?? 0)
        default: return usage()
        }
    }

    private static func fuzz(_ words: ArraySlice<String>) throws -> Int32 {
        let numbers = words.compactMap(UInt64.init)
        let names = try FileManager.default.contentsOfDirectory(atPath: "pipelines")
        let texts = try names.filter { $0.hasSuffix(".yml") }.sorted().map { name in
            String(
                decoding: try Data(contentsOf: URL(filePath: "pipelines/\(name)")), as: UTF8.self)
        }
        let fuzz = Fuzz(
            inputs: numbers.first.map(Int.init) ?? 4_000, seed: numbers.dropFirst().first ?? 1)
        return fuzz.run(seeds: texts)
    }

    private static func usage() -> Int32 {
        print(
            """
            Usage: trial simulate [--store log|sqlite] [--seeds N] [--from SEED] [--steps N]
                                  [--quiet]
                   trial simulate [--store log|sqlite] --seed SEED [--steps N]
                   trial rollouts [--seeds N] [--from SEED]
                   trial fuzz [--inputs N] [--seed SEED]
                   trial crash-prepare FILE COUNT
                   trial crash-write FOLDER FILE
                   trial crash-check FOLDER FILE ACKNOWLEDGED
            """)
        return 2
    }
}
