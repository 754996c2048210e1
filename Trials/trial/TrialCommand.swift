import Simulation

/// The proving programs, one word each.
enum TrialCommand {
    static func run(_ words: [String]) async -> Int32 {
        switch words.first {
        case "simulate": await Simulate(words.dropFirst()).run()
        default: usage()
        }
    }

    private static func usage() -> Int32 {
        print(
            """
            Usage: trial simulate [--seeds N] [--from SEED] [--steps N] [--quiet]
                   trial simulate --seed SEED [--steps N]     replays one, and tells what happens
            """)
        return 2
    }
}
