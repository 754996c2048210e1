/// A disk that forgets what was not synced when the power fails, and fails when it is told to.
///
/// A write that was not synced may survive a crash whole, in part, or not at all, and independently
/// of the writes around it: that is what real disks do.
package final class SimulatedDisk {
    package enum Failure: Error, Hashable {
        case power
        case input
        case full
    }

    /// What the next operations meet.
    package enum Fault: Hashable, Sendable {
        /// The power fails at the operation with this number, counted from now.
        case power(at: Int)
        case error(at: Int)
        case full(at: Int)
    }

    private struct Write {
        let offset: Int
        let bytes: [UInt8]
    }

    /// What is safe, and what is only in the page cache.
    private var durable: [UInt8] = []
    private var pending: [Write] = []
    private var length = 0
    private var fault: Fault?
    private var operations = 0
    private var isOff = false
    private static let sector = 64
    package private(set) var faultsMet = 0

    package init() {}

    package func arm(_ fault: Fault?) {
        self.fault = fault
        operations = 0
    }

    package func read() -> [UInt8] {
        var bytes = durable
        for write in pending { Self.lay(write.bytes[...], at: write.offset, over: &bytes) }
        return bytes
    }

    package func append(_ bytes: [UInt8]) throws(Failure) {
        try operate()
        pending.append(Write(offset: length, bytes: bytes))
        length += bytes.count
    }

    package func sync() throws(Failure) {
        do {
            try operate()
        } catch {
            // After a failed sync nobody knows what is on the disk, and asking again would lie.
            isOff = true
            throw error
        }
        durable = read()
        pending = []
    }

    package func truncate(to length: Int) throws(Failure) {
        try operate()
        durable = Array(read().prefix(length))
        pending = []
        self.length = length
    }

    /// The power is back, and `fate` has decided what became of each write that was not synced.
    package func losePower(fate: inout Randomness) {
        var survivors = durable
        for write in pending {
            switch fate.number(below: 3) {
            case 0: break
            case 1: Self.lay(write.bytes[...], at: write.offset, over: &survivors)
            default: Self.tear(write, over: &survivors, &fate)
            }
        }
        durable = survivors
        pending = []
        length = survivors.count
        isOff = false
        fault = nil
    }

    private func operate() throws(Failure) {
        if isOff { throw .power }
        operations += 1
        switch fault {
        case .power(let number) where number <= operations:
            isOff = true
            faultsMet += 1
            throw .power
        case .error(let number) where number == operations:
            faultsMet += 1
            throw .input
        case .full(let number) where number == operations:
            faultsMet += 1
            throw .full
        default: break
        }
    }

    /// Some of its sectors arrive, in no order; those between read as zeros.
    private static func tear(
        _ write: Write, over target: inout [UInt8], _ fate: inout Randomness
    ) {
        for start in stride(from: 0, to: write.bytes.count, by: sector) where fate.chance(1, in: 2)
        {
            let part = write.bytes[start..<min(start + sector, write.bytes.count)]
            lay(part, at: write.offset + start, over: &target)
        }
    }

    /// A hole that a lost write leaves before a later one reads as zeros.
    private static func lay(_ bytes: ArraySlice<UInt8>, at offset: Int, over target: inout [UInt8])
    {
        let end = offset + bytes.count
        if target.count < end {
            target.append(contentsOf: repeatElement(0, count: end - target.count))
        }
        target.replaceSubrange(offset..<end, with: bytes)
    }
}
