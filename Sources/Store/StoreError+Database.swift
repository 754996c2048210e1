import SQLite

extension StoreError {
    /// What SQLite said, and what whoever hosts Slipway can do about it.
    init(_ operation: String, _ error: DatabaseError) {
        if error.isFull {
            self.init(
                .full, operation, problem: error.message,
                hint: "free some space on the disk; nothing that was acknowledged is lost")
        } else if error.isReadOnly {
            self.init(
                .readOnly, operation, problem: error.message,
                hint: "the folder and its files have to be writable by the user that runs Slipway")
        } else if error.isCorrupt {
            self.init(
                .corrupt, operation, problem: error.message,
                hint: "keep a copy of the folder, then `slipway restore` the last backup")
        } else if error.isBusy {
            self.init(
                .busy, operation, problem: error.message,
                hint: "another program has the database open for writing; close it")
        } else if error.cannotOpen {
            self.init(
                .notFound, operation, problem: error.message,
                hint: "check the path, and that the user that runs Slipway may read it")
        } else {
            self.init(
                .other, operation, problem: error.description,
                hint: "nothing that was acknowledged is lost; open the store again")
        }
    }
}

/// Runs what talks to SQLite, and says what was being done where it fails.
func storing<Result: ~Copyable>(
    _ operation: String, _ body: () throws(DatabaseError) -> Result
) throws(StoreError) -> Result {
    do {
        return try body()
    } catch { throw StoreError(operation, error) }
}
