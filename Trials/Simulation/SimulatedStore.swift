import Cryptography
package import Engine
import FoundationEssentials
package import Store

/// A log on a simulated disk: one frame for each batch, with its length and its digest, so that a
/// torn or missing frame is known as such. It keeps the promises of every `RecordStore`.
package struct SimulatedStore: RecordStore {
    package private(set) var head = Head.empty
    private let disk: SimulatedDisk
    private var records: [Record] = []
    private var kept: EngineState?
    private var isBroken = false

    /// Reads what the disk holds up to the first frame that is not whole, and cuts off the rest.
    package init(opening disk: SimulatedDisk) throws(StoreError) {
        self.disk = disk
        let bytes = disk.read()
        var place = 0
        while let frame = Frame(in: bytes, at: place) {
            for record in try Self.decode(frame.payload) {
                head = Head(sequence: record.sequence, hash: frame.digest)
                records.append(record)
            }
            place += frame.length
        }
        if place < bytes.count {
            do {
                try disk.truncate(to: place)
            } catch { throw Self.error("cut off what was torn", error) }
        }
    }

    package mutating func append(_ batch: [Record]) throws(StoreError) {
        guard !isBroken else {
            throw StoreError(
                .other, "append", problem: "an earlier write failed", hint: "open the store again")
        }
        let frame = Frame(payload: try Self.encode(batch))
        do {
            try disk.append(frame.bytes)
            try disk.sync()
        } catch {
            isBroken = true
            throw Self.error("append", error)
        }
        records += batch
        head = Head(sequence: batch.last?.sequence ?? head.sequence, hash: frame.digest)
    }

    package func records(after sequence: Int, limit: Int) throws(StoreError) -> [Record] {
        Array(records.dropFirst(sequence).prefix(limit))
    }

    package func snapshot() throws(StoreError) -> EngineState? { kept }

    package mutating func keep(_ snapshot: EngineState) throws(StoreError) { kept = snapshot }

    private static func encode(_ batch: [Record]) throws(StoreError) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(batch))
        } catch { throw self.error("encode a batch", error) }
    }

    private static func decode(_ payload: [UInt8]) throws(StoreError) -> [Record] {
        do {
            return try JSONDecoder().decode([Record].self, from: Data(payload))
        } catch { throw self.error("decode a batch", error) }
    }

    private static func error(_ operation: String, _ cause: any Error) -> StoreError {
        let kind: StoreError.Kind = (cause as? SimulatedDisk.Failure) == .full ? .full : .other
        return StoreError(kind, operation, problem: "\(cause)", hint: "open the store again")
    }
}

/// Length, payload, digest.
private struct Frame {
    let payload: [UInt8]
    let digest: String

    private static let header = 8
    private static let trailer = 64

    var length: Int { Self.header + payload.count + Self.trailer }

    var bytes: [UInt8] {
        let size = UInt64(payload.count)
        let header = (0..<Self.header).map { UInt8(truncatingIfNeeded: size >> (8 * UInt64($0))) }
        return header + payload + Array(digest.utf8)
    }

    init(payload: [UInt8]) {
        self.payload = payload
        digest = SHA256.hex(of: payload)
    }

    init?(in bytes: [UInt8], at place: Int) {
        guard place + Self.header + Self.trailer <= bytes.count else { return nil }
        var size: UInt64 = 0
        for index in (0..<Self.header).reversed() {
            size = size << 8 | UInt64(bytes[place + index])
        }
        let start = place + Self.header
        // Zeros where a write was lost would read as an empty frame.
        guard size > 0, size <= UInt64(bytes.count - start - Self.trailer) else { return nil }
        let end = start + Int(size)
        self.init(payload: Array(bytes[start..<end]))
        guard Array(digest.utf8) == Array(bytes[end..<end + Self.trailer]) else { return nil }
    }
}
