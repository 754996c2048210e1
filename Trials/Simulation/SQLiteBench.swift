import CTrialDisk
package import Store

/// The real store on a disk that fails as it is told.
@safe final class SQLiteDisk: FaultyDisk {
    private let disk: OpaquePointer

    /// Nothing without memory.
    init?() {
        guard let disk = unsafe trial_disk_new() else { return nil }
        unsafe self.disk = disk
    }

    deinit { unsafe trial_disk_free(disk) }

    var name: String { unsafe String(cString: trial_disk_name(disk)) }

    func arm(_ fault: SimulatedDisk.Fault?) {
        switch fault {
        case .power(let number): unsafe trial_disk_arm(disk, Int32(TRIAL_DISK_POWER), Int32(number))
        case .error(let number): unsafe trial_disk_arm(disk, Int32(TRIAL_DISK_ERROR), Int32(number))
        case .full(let number): unsafe trial_disk_arm(disk, Int32(TRIAL_DISK_FULL), Int32(number))
        case nil: unsafe trial_disk_arm(disk, 0, 0)
        }
    }

    func losePower(fate: inout Randomness) {
        unsafe trial_disk_lose_power(disk, fate.next())
    }
}

extension StoreBench where Tried == SQLiteStore, Tried: ~Copyable {
    /// The real store, on a disk of its own.
    package static func sqlite() throws(StoreError) -> StoreBench {
        guard let disk = SQLiteDisk() else {
            throw StoreError(.other, "make a disk", problem: "no memory", hint: "free some")
        }
        let key = try AuditKey.random()
        return StoreBench(on: disk) { () throws(StoreError) in
            try SQLiteStore.open("slipway.db", key: key, vfs: disk.name)
        }
    }
}
