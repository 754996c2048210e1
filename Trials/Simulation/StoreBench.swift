package import Store

/// A store under trial, on a disk that can be made to fail.
package struct StoreBench<Tried: RecordStore & ~Copyable> {
    /// Opens what the disk holds, as after a start of the server.
    package let open: () throws(StoreError) -> Tried
    package let disk: any FaultyDisk

    package init(on disk: any FaultyDisk, open: @escaping () throws(StoreError) -> Tried) {
        self.open = open
        self.disk = disk
    }
}

package protocol FaultyDisk {
    /// What the disk meets next.
    func arm(_ fault: SimulatedDisk.Fault?)

    /// The machine loses power; `fate` decides about every write that was not synced.
    func losePower(fate: inout Randomness)
}

extension SimulatedDisk: FaultyDisk {}

extension StoreBench where Tried == SimulatedStore {
    /// The plain log on the simulated disk.
    package static func log() -> StoreBench {
        let disk = SimulatedDisk()
        return StoreBench(on: disk) { () throws(StoreError) in try SimulatedStore(opening: disk) }
    }
}
