import CSQLite

/// What SQLite could not do: its code, its words, and what was being tried.
package struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The extended code; its lowest byte is the primary one.
    package let code: Int32
    package let operation: String
    package let message: String

    package init(code: Int32, operation: String, message: String) {
        self.code = code
        self.operation = operation
        self.message = message
    }

    package var description: String { "cannot \(operation): \(message) (SQLite \(code))" }

    package var isFull: Bool { code & 0xFF == SQLITE_FULL }
    package var isBusy: Bool { code & 0xFF == SQLITE_BUSY || code & 0xFF == SQLITE_LOCKED }
    package var isReadOnly: Bool { code & 0xFF == SQLITE_READONLY || code & 0xFF == SQLITE_PERM }
    package var isCorrupt: Bool { code & 0xFF == SQLITE_CORRUPT || code & 0xFF == SQLITE_NOTADB }
    package var cannotOpen: Bool { code & 0xFF == SQLITE_CANTOPEN }
}
