import CSQLite

/// A prepared statement with one owner. Values are bound, never pasted in.
@safe package struct Statement: ~Copyable {
    private let handle: OpaquePointer
    private let database: OpaquePointer
    private let sql: StaticString

    init(preparing sql: StaticString, on database: OpaquePointer) throws(DatabaseError) {
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            database, sql.text, Int32(sql.utf8CodeUnitCount), 0, &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else {
            throw DatabaseError(
                code: code, operation: "prepare \(sql)",
                message: unsafe String(cString: sqlite3_errmsg(database)))
        }
        unsafe handle = prepared
        unsafe self.database = database
        self.sql = sql
    }

    init(_ prepared: OpaquePointer, of database: OpaquePointer, _ sql: StaticString) {
        unsafe handle = prepared
        unsafe self.database = database
        self.sql = sql
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Gives the statement back, ready for other values.
    consuming func release() -> OpaquePointer {
        reset()
        let handle = unsafe handle
        discard self
        return unsafe handle
    }

    // Places are counted from 1, as SQLite does.
    package mutating func bind(_ value: Int, at place: Int32) throws(DatabaseError) {
        try check(unsafe sqlite3_bind_int64(handle, place, Int64(value)))
    }

    package mutating func bind(_ value: Int?, at place: Int32) throws(DatabaseError) {
        guard let value else { return try check(unsafe sqlite3_bind_null(handle, place)) }
        try bind(value, at: place)
    }

    package mutating func bind(_ text: String, at place: Int32) throws(DatabaseError) {
        var text = text
        let code = text.withUTF8 { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
                // SQLite takes a missing pointer for NULL; an empty text needs some address.
                unsafe sqlite3_bind_text(
                    handle, place, characters.baseAddress ?? StaticString("").text,
                    Int32(characters.count), slipway_sqlite_transient())
            }
        }
        try check(code)
    }

    package mutating func bind(_ text: String?, at place: Int32) throws(DatabaseError) {
        guard let text else { return try check(unsafe sqlite3_bind_null(handle, place)) }
        try bind(text, at: place)
    }

    package mutating func bind(_ bytes: [UInt8], at place: Int32) throws(DatabaseError) {
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe sqlite3_bind_blob64(
                handle, place, buffer.baseAddress, UInt64(buffer.count), slipway_sqlite_transient())
        }
        try check(code)
    }

    /// Goes on to the next row; false after the last.
    package mutating func step() throws(DatabaseError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw error(code)
        }
    }

    /// Runs it to its end and makes it ready for other values.
    package mutating func run() throws(DatabaseError) {
        while try step() {}
        reset()
    }

    package mutating func reset() {
        // The code it returns is that of the last step, which was looked at there.
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }

    // Columns are counted from 0.
    package func int(_ column: Int32) -> Int { unsafe Int(sqlite3_column_int64(handle, column)) }

    package func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    package func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    package func bytes(_ column: Int32) -> [UInt8] {
        let start = unsafe sqlite3_column_blob(handle, column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private func check(_ code: Int32) throws(DatabaseError) {
        guard code == SQLITE_OK else { throw error(code) }
    }

    private func error(_ code: Int32) -> DatabaseError {
        DatabaseError(
            code: code, operation: "run \(sql)",
            message: unsafe String(cString: sqlite3_errmsg(database)))
    }
}
