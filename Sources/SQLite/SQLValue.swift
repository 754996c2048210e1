/// A value to bind where a statement is run once.
package enum SQLValue: Hashable, Sendable {
    case int(Int)
    case text(String)
    case bytes([UInt8])
}

extension Statement {
    package mutating func bind(_ values: [SQLValue]) throws(DatabaseError) {
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            switch value {
            case .int(let number): try bind(number, at: place)
            case .text(let text): try bind(text, at: place)
            case .bytes(let bytes): try bind(bytes, at: place)
            }
        }
    }
}

extension Database {
    /// Runs one statement with these values, to its end.
    package func run(_ sql: StaticString, _ values: [SQLValue]) throws(DatabaseError) {
        try withStatement(sql) { statement throws(DatabaseError) in
            try statement.bind(values)
            try statement.run()
        }
    }
}
