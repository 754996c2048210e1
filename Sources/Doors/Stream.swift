import CSystem
import Glibc

/// One direction of a passage. Little is copied by way of a buffer, which costs fewer calls; much
/// is moved by the kernel itself, through a pipe. Nothing is taken in that cannot be passed on,
/// so whoever sends too fast waits.
struct Stream {
    /// As much as is copied at a time; who fills it has much.
    static let little = 16 << 10
    private static let much = 1 << 20
    /// Others have a turn after so many moves.
    private static let mostMoves = 16

    private var rest: [UInt8] = []
    private var pipe: PipePool.Pipe?
    private var inPipe = 0
    private var isBulky = false
    private var hasEnded = false
    private(set) var isShut = false

    mutating func move(
        from source: inout Passage.End, to target: inout Passage.End, _ buffer: inout [UInt8],
        _ pipes: inout PipePool
    ) -> Passage.Progress {
        if isShut { return .isOver }
        for _ in 0..<Self.mostMoves {
            if !rest.isEmpty || inPipe > 0 {
                guard target.isWritable else { return .waits }
                guard passOn(to: &target) else { return .isBroken }
                continue
            }
            if let pipe {
                pipes.giveBack(pipe)
                self.pipe = nil
            }
            if hasEnded {
                isShut = true
                _ = shutdown(target.descriptor, Int32(SHUT_WR))
                return .isOver
            }
            guard source.isReadable else { return .waits }
            if isBulky, let lent = pipes.take() {
                pipe = lent
                guard fill(lent, from: &source) else { return .isBroken }
            } else {
                guard copy(from: &source, to: &target, &buffer) else { return .isBroken }
            }
        }
        return .goesOn
    }

    /// What is in it belongs to nobody else.
    mutating func drop() {
        pipe?.close()
        pipe = nil
    }

    private mutating func copy(
        from source: inout Passage.End, to target: inout Passage.End, _ buffer: inout [UInt8]
    ) -> Bool {
        let count = unsafe recv(source.descriptor, &buffer, Self.little, 0)
        guard take(count, from: &source) else { return errno == EAGAIN || errno == EINTR }
        isBulky = count == Self.little
        // Fewer than asked for: there are no more, unless it is the end that follows.
        if count < Self.little, !source.hasHungUp { source.isReadable = false }
        guard count > 0 else { return true }
        var sent = 0
        if target.isWritable {
            sent = unsafe send(target.descriptor, buffer, count, Int32(MSG_NOSIGNAL))
            if sent < 0 {
                guard errno == EAGAIN || errno == EINTR else { return false }
                sent = 0
            }
        }
        if sent < count {
            target.isWritable = false
            rest = Array(buffer[sent..<count])
        }
        return true
    }

    private mutating func fill(_ pipe: PipePool.Pipe, from source: inout Passage.End) -> Bool {
        let count = splice(
            source.descriptor, nil, pipe.write, nil, Self.much, UInt32(SLIPWAY_SPLICE_NOW))
        guard take(count, from: &source) else {
            isBulky = false
            return errno == EAGAIN || errno == EINTR
        }
        inPipe = count
        isBulky = count >= Self.little
        return true
    }

    /// False with `errno` as it was, if nothing came.
    private mutating func take(_ count: Int, from source: inout Passage.End) -> Bool {
        if count == 0 { hasEnded = true }
        if count < 0, errno == EAGAIN { source.isReadable = false }
        return count >= 0
    }

    private mutating func passOn(to target: inout Passage.End) -> Bool {
        var count = 0
        if let pipe, inPipe > 0 {
            count = splice(
                pipe.read, nil, target.descriptor, nil, inPipe,
                UInt32(SLIPWAY_SPLICE_NOW))
            if count > 0 { inPipe -= count }
        } else {
            count = unsafe send(target.descriptor, rest, rest.count, Int32(MSG_NOSIGNAL))
            if count > 0 { rest = Array(rest.dropFirst(count)) }
        }
        if count < 0, errno == EAGAIN { target.isWritable = false }
        return count > 0 || errno == EAGAIN || errno == EINTR
    }
}
