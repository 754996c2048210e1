import Attempts
import Glibc

/// A stream between two programs that carries fields, each lot with its length before it.
struct Line {
    /// No lot is longer.
    static let maximumLength = Fields.maximumLength
    private static let head = 8

    let descriptor: Int32

    enum Broken: Error {
        case closed, silent, damaged
    }

    func send(_ fields: Fields) throws(Broken) {
        let body = fields.bytes
        guard body.count <= Self.maximumLength else { throw .damaged }
        let length = UInt64(body.count)
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + body
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { space in
                unsafe Glibc.send(
                    descriptor, space.baseAddress?.advanced(by: sent), space.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .closed }
            sent += count
        }
    }

    /// Whether something comes within `limit`.
    func hears(within limit: Duration) throws(Broken) -> Bool {
        do throws(Broken) {
            try wait(limit)
            return true
        } catch {
            guard case .silent = error else { throw error }
            return false
        }
    }

    /// Waits no longer than `limit` for anything to come; for ever without one.
    func receive(within limit: Duration? = nil) throws(Broken) -> Fields {
        let head = try bytes(Self.head, limit)
        let length = head.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= Self.maximumLength else { throw .damaged }
        let body = try bytes(Int(length), limit)
        guard let fields = try? Fields(parsing: body) else { throw .damaged }
        return fields
    }

    private func bytes(_ count: Int, _ limit: Duration?) throws(Broken) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes { space in
                unsafe recv(
                    descriptor, space.baseAddress?.advanced(by: filled), count - filled,
                    limit == nil ? 0 : Int32(MSG_DONTWAIT))
            }
            if got < 0, errno == EINTR { continue }
            if got < 0, errno == EAGAIN {
                try wait(limit)
                continue
            }
            guard got > 0 else { throw .closed }
            filled += got
        }
        return bytes
    }

    private func wait(_ limit: Duration?) throws(Broken) {
        guard let limit else { return }
        var asked = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let milliseconds =
            limit.components.seconds * 1_000
            + limit.components.attoseconds / 1_000_000_000_000_000
        while true {
            let code = unsafe poll(&asked, 1, Int32(clamping: milliseconds))
            if code > 0 { return }
            if code == 0 { throw .silent }
            guard errno == EINTR else { throw .closed }
        }
    }
}
