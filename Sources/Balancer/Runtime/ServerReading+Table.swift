extension ServerReading {
    static let question = "show stat"

    /// Reads the answer to `show stat`: a table with the names of its columns above it.
    static func table(_ text: String) throws(BalancerProblem) -> [ServerReading] {
        var lines = text.split(separator: "\n")
        guard let head = lines.first, head.hasPrefix("# ") else {
            throw .unreadable(
                asked: question, problem: "it begins with '\(text.prefix(80))' instead of '# '")
        }
        lines.removeFirst()
        let names = cells(of: head.dropFirst(2))
        let columns = Dictionary(
            names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var readings: [ServerReading] = []
        for line in lines {
            let row = Row(columns: columns, cells: cells(of: line))
            // The others are frontends, whole backends and listeners.
            if try row.text("type") == "2" { readings.append(try ServerReading(row)) }
        }
        return readings
    }

    private init(_ row: Row) throws(BalancerProblem) {
        id = ServerID(
            try BalancerName(try row.text("pxname")), try BalancerName(try row.text("svname")))
        let address = try row.text("addr")
        guard let endpoint = Endpoint(address) else {
            throw .unreadable(
                asked: Self.question, problem: "'\(address)' is no address of '\(id)'")
        }
        self.endpoint = endpoint
        status = try row.text("status")
        let check = try row.text("check_status")
        // A star is before the last one while the next is under way.
        self.check = check.hasPrefix("* ") ? String(check.dropFirst(2)) : check
        weight = try row.number("weight")
        sessions = try row.number("scur")
        queue = try row.number("qcur")
        var answers: [Int] = []
        for digit in 1...5 { answers.append(try row.number("hrsp_\(digit)xx")) }
        counts = Counts(
            requests: try row.number("stot"), answers: answers,
            failedConnections: try row.number("econ"), failedAnswers: try row.number("eresp"),
            retries: try row.number("wretr"), sentElsewhere: try row.number("wredis"))
        times = Times(
            queue: try row.number("qtime"), connect: try row.number("ctime"),
            response: try row.number("rtime"), total: try row.number("ttime"))
    }

    private struct Row {
        let columns: [String: Int]
        let cells: [String]

        func text(_ name: String) throws(BalancerProblem) -> String {
            guard let column = columns[name], cells.indices.contains(column) else {
                throw .unreadable(asked: question, problem: "it has no column '\(name)'")
            }
            return cells[column]
        }

        /// What HAProxy does not count is empty.
        func number(_ name: String) throws(BalancerProblem) -> Int {
            let text = try text(name)
            if text.isEmpty { return 0 }
            guard let number = Int(text), number >= 0 else {
                throw .unreadable(
                    asked: question, problem: "'\(text)' in '\(name)' is no number")
            }
            return number
        }
    }

    /// A cell may be quoted, with quotes in it doubled.
    private static func cells(of line: Substring) -> [String] {
        var cells: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var before: UInt8 = 0
        for byte in line.utf8 {
            switch byte {
            case UInt8(ascii: "\""):
                if !isQuoted, before == byte { cell.append(byte) }
                isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                cells.append(String(decoding: cell, as: UTF8.self))
                cell = []
            default: cell.append(byte)
            }
            before = byte
        }
        return cells + [String(decoding: cell, as: UTF8.self)]
    }
}
