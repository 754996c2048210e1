import CSystem
import Glibc
import SQLite

/// The one folder that a server keeps, held by one process at a time.
package struct Home: ~Copyable {
    package let path: String
    private let lock: HomeLock

    package static func database(in path: String) -> String { "\(path)/slipway.db" }

    /// Makes the folder if it is not there, and takes its lock.
    package init(holding path: String) throws(StoreError) {
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw Files.failure("make folder '\(path)'")
        }
        try Self.requireLocal(path)
        lock = try HomeLock.take(of: path)
        self.path = path
    }

    /// SQLite's locks do not hold over a network, whatever the file system promises.
    private static func requireLocal(_ path: String) throws(StoreError) {
        let type = unsafe slipway_file_system_type(path)
        guard type != -1 else { throw Files.failure("look at '\(path)'") }
        let remote: [Int: String] = [
            0x6969: "NFS", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB", 0x517B: "SMB",
            0x0102_1997: "9p", 0x00C3_6400: "Ceph", 0x6573_5546: "FUSE",
        ]
        guard let name = remote[type] else { return }
        throw StoreError(
            .other, "use folder '\(path)'", problem: "it lies on a network file system (\(name))",
            hint: "use a folder on a disk of this machine")
    }

    /// Opens the store of this folder, with its key.
    package func store(witness: Witness? = nil) throws(StoreError) -> SQLiteStore {
        try SQLiteStore.open(
            Self.database(in: path), key: try AuditKey.of(path), witness: witness)
    }

    /// The store of a folder that has to have one.
    package func existingStore(witness: Witness? = nil) throws(StoreError) -> SQLiteStore {
        try requireDatabase()
        return try store(witness: witness)
    }

    /// For what is done to a folder that has been a house's before.
    package func requireDatabase() throws(StoreError) {
        guard Files.exists(Self.database(in: path)) else {
            throw StoreError(
                .notFound, "open the database of '\(path)'", problem: "there is none",
                hint: "name the folder that the server was started with")
        }
    }

    /// Puts a backup in place of what is here, after it was found whole. What was here is kept
    /// aside.
    package func restore(from backup: String, replacing: Bool) throws(StoreError) -> AuditReport {
        let report = try Self.verify(backup: backup)
        let target = Self.database(in: path)
        if Files.exists(target) {
            guard replacing else {
                throw StoreError(
                    .busy, "restore into '\(path)'", problem: "there is a database already",
                    hint: "add --replace; what is there now is kept as 'slipway.db.replaced'")
            }
            try Self.setAside(target)
        }
        let part = "\(target).part"
        _ = unsafe unlink(part)
        try storing("copy the backup") { () throws(DatabaseError) in
            let source = try Database(path: backup, .read)
            try source.backUp(to: part)
        }
        guard unsafe rename(part, target) == 0 else { throw Files.failure("rename '\(part)'") }
        try Files.sync(folder: path)
        return report
    }

    /// The write-ahead log belongs to the database: apart, neither is whole.
    private static func setAside(_ target: String) throws(StoreError) {
        for suffix in ["-wal", "-shm", ""] {
            let file = target + suffix
            guard Files.exists(file) else { continue }
            guard unsafe rename(file, "\(target).replaced\(suffix)") == 0 else {
                throw Files.failure("rename '\(file)'")
            }
        }
    }

    private static func verify(backup: String) throws(StoreError) -> AuditReport {
        guard Files.exists(backup) else {
            throw StoreError(
                .notFound, "read the backup '\(backup)'", problem: "it is not there",
                hint: "check the path")
        }
        let verdict: Audit.Verdict
        do throws(StoreError) {
            verdict = try Audit.verify(database: backup)
        } catch {
            guard error.kind == .corrupt else { throw error }
            throw StoreError(
                .corrupt, "restore '\(backup)'", problem: "it is no backup of a record",
                hint: "name a file that `slipway backup` has made")
        }
        switch verdict {
        case .clean(let report): return report
        case .tampered(let fault):
            throw StoreError(
                .corrupt, "restore '\(backup)'", problem: "\(fault)",
                hint: "use another backup; this one would bring a false record")
        }
    }
}
