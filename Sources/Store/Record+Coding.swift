package import Engine
import FoundationEssentials

// How a record is written. The bytes that were stored are the record; they are never written again,
// so the hash over them holds whatever later versions make of encoding.
extension Record {
    package func encoded() throws(StoreError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            throw StoreError(
                .other, "write record \(sequence)", problem: "\(error)",
                hint: "this is a mistake in Slipway; please report it")
        }
    }

    package init(decoding bytes: [UInt8]) throws(StoreError) {
        do {
            self = try JSONDecoder().decode(Record.self, from: Data(bytes))
        } catch {
            throw StoreError(
                .corrupt, "read a record", problem: "\(error)",
                hint: "`slipway audit verify` tells whether it was altered")
        }
    }
}
