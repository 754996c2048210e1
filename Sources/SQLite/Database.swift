import CSQLite

/// One SQLite connection with one owner. It cannot be copied, so it cannot be closed twice.
@safe package struct Database: ~Copyable {
    package enum Access: Sendable {
        case write
        case create
        case read
    }

    private let connection: Connection
    private var handle: OpaquePointer { unsafe connection.handle }

    /// `vfs` names another file system than the machine's.
    package init(path: String, _ access: Access, vfs: String? = nil) throws(DatabaseError) {
        var opened: OpaquePointer?
        let mode =
            switch access {
            case .write: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .read: SQLITE_OPEN_READONLY
            }
        let flags = mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = unsafe sqlite3_open_v2(path, &opened, flags, vfs)
        guard code == SQLITE_OK, let handle = unsafe opened else {
            let message = unsafe opened.map { unsafe String(cString: sqlite3_errmsg($0)) }
            // SQLite hands out a handle even when opening fails, and that one must be closed too.
            unsafe sqlite3_close_v2(opened)
            throw DatabaseError(
                code: code, operation: "open '\(path)'", message: message ?? "out of memory")
        }
        connection = unsafe Connection(handle)
    }

    /// Closes now, and says so if that fails, which `deinit` has no way to do.
    package consuming func close() throws(DatabaseError) {
        let code = connection.close()
        guard code == SQLITE_OK else {
            throw DatabaseError(code: code, operation: "close", message: "statements are open")
        }
    }

    /// Runs statements that take and give nothing.
    package func execute(_ sql: StaticString) throws(DatabaseError) {
        let code = unsafe sqlite3_exec(handle, sql.text, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code, "run \(sql)") }
    }

    /// Lends a statement to `body`. It is kept prepared for the next time, and takes no values
    /// along.
    package func withStatement<Result>(
        _ sql: StaticString, _ body: (inout Statement) throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        var statement =
            if let idle = unsafe connection.take(sql) {
                unsafe Statement(idle, of: handle, sql)
            } else {
                try unsafe Statement(preparing: sql, on: handle)
            }
        do throws(DatabaseError) {
            let result = try body(&statement)
            unsafe connection.keep(statement.release(), for: sql)
            return result
        } catch {
            unsafe connection.keep(statement.release(), for: sql)
            throw error
        }
    }

    /// All that `body` does happens together, or none of it.
    package func transaction<Result>(
        _ body: () throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // SQLite has rolled back by itself after some errors; then there is nothing left to do.
            if unsafe sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Nothing is begun and not ended.
    package var isIdle: Bool { unsafe sqlite3_get_autocommit(handle) != 0 }

    /// Copies the whole database into another file while it is in use.
    package func backUp(to path: String) throws(DatabaseError) {
        let target = try Database(path: path, .create)
        try unsafe target.fill(from: handle)
        try target.close()
    }

    private func fill(from source: OpaquePointer) throws(DatabaseError) {
        guard let backup = unsafe sqlite3_backup_init(handle, "main", source, "main") else {
            throw error(unsafe sqlite3_extended_errcode(handle), "begin the copy")
        }
        let step = unsafe sqlite3_backup_step(backup, -1)
        let code = unsafe sqlite3_backup_finish(backup)
        guard step == SQLITE_DONE, code == SQLITE_OK else {
            throw error(code == SQLITE_OK ? step : code, "copy the database")
        }
    }

    private func error(_ code: Int32, _ operation: String) -> DatabaseError {
        DatabaseError(
            code: code, operation: operation,
            message: unsafe String(cString: sqlite3_errmsg(handle)))
    }
}

/// The handle, and the statements that are prepared and not in use, by the address of their text.
@safe private final class Connection {
    let handle: OpaquePointer
    private var idle: [UnsafePointer<UInt8>: OpaquePointer] = unsafe [:]
    private var isOpen = true

    init(_ handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { _ = close() }

    func close() -> Int32 {
        guard isOpen else { return SQLITE_OK }
        while let statement = unsafe idle.popFirst()?.value {
            unsafe sqlite3_finalize(statement)
        }
        isOpen = false
        return unsafe sqlite3_close_v2(handle)
    }

    func take(_ sql: StaticString) -> OpaquePointer? {
        unsafe idle.removeValue(forKey: sql.utf8Start)
    }

    func keep(_ statement: OpaquePointer, for sql: StaticString) {
        // Two at once of the same text: one is enough to keep.
        if let other = unsafe idle.updateValue(statement, forKey: sql.utf8Start) {
            unsafe sqlite3_finalize(other)
        }
    }
}

extension StaticString {
    /// Static strings end in a NUL and live for ever.
    var text: UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
