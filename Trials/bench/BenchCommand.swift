/// Measurements, each against its floor in the same run.
enum BenchCommand {
    static func run(_ words: [String]) -> Int32 {
        do {
            switch words.first {
            case "engine": try EngineBench.run()
            case "lint": try LintBench.run()
            case "store": try StoreRates.run(in: words.dropFirst().first ?? ".build")
            case "fill" where words.count == 3:
                try FillBench.run(home: words[1], records: Int(words[2]) ?? 1_000_000)
            case "history" where words.count == 3:
                try HistoryBench.run(home: words[1], executions: Int(words[2]) ?? 100_000)
            case "serve": try HTTPBench.serve()
            case "watch" where words.count == 5:
                try WatchBench.run(
                    folder: words[1], address: words[2], count: Int(words[3]) ?? 1_000,
                    courier: words[4])
            case "list" where words.count == 4:
                try WatchBench.list(
                    address: words[1], count: Int(words[2]) ?? 1_000, mirror: words[3])
            default:
                print(
                    "Usage: bench engine | lint | store [FOLDER] | fill HOME RECORDS "
                        + "| history HOME EXECUTIONS | serve | list ADDRESS COUNT MIRROR "
                        + "| watch FOLDER ADDRESS COUNT COURIER")
                return 2
            }
            return 0
        } catch {
            print("bench: \(error)")
            return 1
        }
    }
}
