import FoundationEssentials

/// A table of a page for people: the cells behind the name that begins each row.
enum DocumentTable {
    static func rows(of page: String) throws -> [String: [String]] {
        let root = String(#filePath.dropLast("Tests/ServerTests/DocumentTable.swift".count))
        let text = String(
            decoding: try Data(contentsOf: URL(filePath: root + page)), as: UTF8.self)
        var rows: [String: [String]] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmed }
            rows[String(cells[1].dropFirst().dropLast())] = Array(cells[2...])
        }
        return rows
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
