import CSystem
import Glibc

/// One connection through a door: whoever came in, and whom they speak with inside.
final class Passage {
    /// One end, as far as is known without asking the kernel.
    struct End {
        var descriptor: Int32
        var isReadable = false
        var isWritable = false
        /// The other side has said that it sends nothing more.
        var hasHungUp = false

        mutating func note(_ events: UInt32) {
            let failed = EPOLLERR.rawValue | EPOLLHUP.rawValue
            if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | failed) != 0 { isReadable = true }
            if events & (EPOLLOUT.rawValue | failed) != 0 { isWritable = true }
            if events & (EPOLLRDHUP.rawValue | failed) != 0 { hasHungUp = true }
        }
    }

    enum Progress { case waits, goesOn, isOver, isBroken }

    let name: UInt64
    var outer: End
    var inner: End
    var isConnecting = true
    /// Whether the other version of addresses was tried.
    var hasTriedAnother = false
    /// Waits for its turn, because it has more to move than one may at a time.
    var isInLine = false
    private var inward = Stream()
    private var outward = Stream()

    init(name: UInt64, outer: Int32, inner: Int32) {
        self.name = name
        self.outer = End(descriptor: outer)
        self.inner = End(descriptor: inner)
    }

    deinit {
        inward.drop()
        outward.drop()
        close(outer.descriptor)
        close(inner.descriptor)
    }

    /// Whether it has brought out all that it will ever bring out.
    var hasSaidAll: Bool { outward.isShut }

    /// Moves what can be moved, both ways, up to a bound.
    func move(_ buffer: inout [UInt8], _ pipes: inout PipePool) -> Progress {
        let there = inward.move(from: &outer, to: &inner, &buffer, &pipes)
        let back = outward.move(from: &inner, to: &outer, &buffer, &pipes)
        if there == .isBroken || back == .isBroken {
            DoorSocket.reset(outer.descriptor)
            DoorSocket.reset(inner.descriptor)
            return .isBroken
        }
        if there == .isOver, back == .isOver { return .isOver }
        return there == .goesOn || back == .goesOn ? .goesOn : .waits
    }
}
