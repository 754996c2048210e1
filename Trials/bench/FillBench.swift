import Store

/// Makes a home with a long record, for others to measure what reading it takes.
enum FillBench {
    static func run(home: String, records count: Int) throws {
        let folder = try Home(holding: home)
        var store = try folder.store()
        let records = try Many.records(count)
        for start in stride(from: 0, to: count, by: 5_000) {
            try store.append(Array(records[start..<min(start + 5_000, count)]))
        }
    }
}
