package import Cryptography

/// How a record was tampered with.
package enum Tampering: String, Sendable, CaseIterable {
    /// Its bytes do not give its hash.
    case altered
    /// Records are missing between two that are there.
    case gap
    /// It stands where another belongs.
    case swapped
    /// The log ends before what a checkpoint or a witness says.
    case cutOff = "cut off"
    /// It is whole in itself, but not the log that was signed.
    case forked
    /// A checkpoint that the key did not sign, or that does not follow from the one before it.
    case forged
}

/// The first thing found wrong, and where.
package struct AuditFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let kind: Tampering
    package let sequence: Int
    package let detail: String

    package init(kind: Tampering, sequence: Int, detail: String) {
        self.kind = kind
        self.sequence = sequence
        self.detail = detail
    }

    package var description: String { "\(kind.rawValue) at record \(sequence): \(detail)" }
}

/// What was found of a record that is whole.
package struct AuditReport: Hashable, Sendable {
    package let records: Int
    package let hash: String
    package let checkpoints: Int
    /// How many records the newest valid checkpoint speaks for.
    package let signed: Int
    /// How often the machine's clock was set back. That is no tampering, but worth knowing.
    package let clockSetBack: Int
}

/// Goes through a record once, in the memory of one row and the checkpoints.
package struct AuditVerifier {
    private var head = Head.empty
    private var promises: [Checkpoint.Claims]
    private let total: Int
    private var signed = 0
    private var lastWall = Int64.min
    private var clockSetBack = 0

    /// `checkpoints` follow one another; what `witnesses` say is held against them.
    package init(
        checkpoints: [Checkpoint], witnesses: [Checkpoint], key: VerifyingKey?
    ) throws(AuditFault) {
        var promises: [Checkpoint.Claims] = []
        var previous = Head.empty.hash
        for checkpoint in checkpoints {
            let claims = try Self.claims(of: checkpoint, key)
            guard claims.previous == previous else {
                throw AuditFault(
                    kind: .forged, sequence: claims.size,
                    detail: "its checkpoint does not follow from the one before it")
            }
            previous = checkpoint.digest
            promises.append(claims)
        }
        for witness in witnesses {
            let claims = try Self.claims(of: witness, key)
            if let mine = promises.first(where: { $0.size == claims.size }),
                mine.hash != claims.hash
            {
                throw AuditFault(
                    kind: .forked, sequence: claims.size,
                    detail: "the witness was told another hash than the database")
            }
            promises.append(claims)
        }
        self.promises = promises.sorted { $0.size > $1.size }
        total = checkpoints.count
    }

    private static func claims(
        of checkpoint: Checkpoint, _ key: VerifyingKey?
    ) throws(AuditFault) -> Checkpoint.Claims {
        guard let claims = checkpoint.claims, claims.size == checkpoint.size else {
            throw AuditFault(
                kind: .forged, sequence: checkpoint.size,
                detail: "its checkpoint is not written as one")
        }
        if let key, !checkpoint.isSigned(by: key) {
            throw AuditFault(
                kind: .forged, sequence: checkpoint.size,
                detail: "its checkpoint does not bear the key's signature")
        }
        return claims
    }

    package mutating func take(
        sequence: Int, hash: String, body: [UInt8]
    ) throws(AuditFault) {
        guard sequence == head.sequence + 1 else {
            throw AuditFault(
                kind: .gap, sequence: head.sequence + 1,
                detail: "the next one there is record \(sequence)")
        }
        let expected = Chain.hash(after: head.hash, body)
        guard expected == hash else {
            let own = BodyScan.number(after: "\"sequence\":", in: body, fromEnd: true)
            if let own, own != Int64(sequence) {
                throw AuditFault(
                    kind: .swapped, sequence: sequence,
                    detail: "it is record \(own) by its own word")
            }
            throw AuditFault(
                kind: .altered, sequence: sequence, detail: "its bytes do not give its hash")
        }
        head = Head(sequence: sequence, hash: hash)
        if let wall = BodyScan.number(after: "\"wall\":", in: body, fromEnd: false) {
            if wall < lastWall { clockSetBack += 1 }
            lastWall = wall
        }
        try hold(toPromisesAt: head)
    }

    private mutating func hold(toPromisesAt head: Head) throws(AuditFault) {
        while let promise = promises.last, promise.size <= head.sequence {
            guard promise.hash == head.hash, promise.size == head.sequence else {
                throw AuditFault(
                    kind: .forked, sequence: promise.size,
                    detail: "a signed checkpoint gives another hash up to here")
            }
            signed = promise.size
            promises.removeLast()
        }
    }

    /// The sequence that is expected next.
    var next: Int { head.sequence + 1 }

    package func finish() throws(AuditFault) -> AuditReport {
        if let promise = promises.last {
            throw AuditFault(
                kind: .cutOff, sequence: head.sequence + 1,
                detail:
                    "a checkpoint was signed at \(promise.size) records; \(head.sequence) are there"
            )
        }
        return AuditReport(
            records: head.sequence, hash: head.hash, checkpoints: total, signed: signed,
            clockSetBack: clockSetBack)
    }
}

/// Finds a number in the bytes of a record without reading all of it: a million records want to be
/// verified in seconds.
private enum BodyScan {
    private static let reach = 96

    static func number(after word: StaticString, in body: [UInt8], fromEnd: Bool) -> Int64? {
        let part = fromEnd ? body.suffix(reach) : body.prefix(reach)
        let length = word.utf8CodeUnitCount
        guard part.count > length else { return nil }
        for start in part.startIndex...(part.endIndex - length) {
            let isHere = word.withUTF8Buffer { wanted in
                wanted.indices.allSatisfy { unsafe wanted[$0] == part[start + $0] }
            }
            guard isHere else { continue }
            var value: Int64 = 0
            for byte in part[(start + length)...] {
                guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { break }
                let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
                if overflow { return nil }
                value = tens &+ Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        return nil
    }
}
