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
            case "serve": try HTTPBench.serve()
            case "watch" where words.count == 5:
                try WatchBench.run(
                    folder: words[1], address: words[2], count: Int(words[3]) ?? 1_000,
                    courier: words[4])
            default:
                print(
                    "Usage: bench engine | lint | store [FOLDER] | fill HOME RECORDS "
                        + "| serve | watch FOLDER ADDRESS COUNT COURIER")
                return 2
            }
            return 0
        } catch {
            print("bench: \(error)")
            return 1
        }
    }
}
