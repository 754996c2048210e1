/// Hides needles in a stream of bytes, however it is cut into chunks.
///
/// Each stretch that needles cover, one or several that overlap, becomes `***`. All that cannot be
/// the beginning of a needle is given out at once, so nobody has to flush it after a while: what
/// is held back are the bytes that some needle begins with, and no more.
///
/// A supervisor's loop allocates nothing for a chunk, and what is clean is never copied:
///
///     var masker = Masker(Needles(hiding: secrets))
///     var log = try LogWriter.create(place, limit: 10 << 20)
///     var buffer = [UInt8](repeating: 0, count: 256 << 10)
///     while let count = try pipe.read(into: &buffer) {
///         masker.feed(buffer.span.extracting(first: count)) { log.append($0) }
///         try log.flush(at: milliseconds())
///     }
///     masker.finish { log.append($0) }
///     let totals = try log.close(at: milliseconds())
package struct Masker: Sendable {
    private let automaton: Automaton?
    /// The state after the last byte, if it is as deep as a head.
    private var node = Automaton.nowhere
    /// As many of the last bytes as the state is deep.
    private var held: [UInt8] = []
    private var masks = PendingMasks()

    package init(_ needles: Needles) { automaton = Automaton(needles.all) }

    /// Gives the sink, piece by piece, what is now known of the text. A piece is valid only during
    /// the call.
    package mutating func feed(_ chunk: Span<UInt8>, into sink: (Span<UInt8>) -> Void) {
        guard let automaton else {
            if !chunk.isEmpty { sink(chunk) }
            return
        }
        guard !chunk.isEmpty else { return }
        let depth = scan(chunk, automaton, sink)
        give(before: chunk.count - depth, of: chunk, sink)
        hold(depth, of: chunk)
        masks.advance(by: chunk.count)
    }

    /// Gives out what was held back, because nothing follows it. The masker is then as new.
    package mutating func finish(into sink: (Span<UInt8>) -> Void) {
        give(before: 0, of: Span(), sink)
        node = Automaton.nowhere
        held.removeAll(keepingCapacity: true)
        masks = PendingMasks()
    }

    /// How many bytes wait for what follows them.
    package var heldBack: Int { -masks.given }

    /// Reads the whole chunk, notes the needles in it, and returns how deep the state then is.
    private mutating func scan(
        _ chunk: Span<UInt8>, _ automaton: Automaton, _ sink: (Span<UInt8>) -> Void
    ) -> Int {
        var start = -held.count
        var next = 0
        while true {
            if node == Automaton.nowhere {
                node = head(in: chunk, from: &start, automaton)
                guard node != Automaton.nowhere else {
                    return shallowDepth(at: start, of: chunk, automaton.heads)
                }
                next = start + Heads.length
                found(in: chunk, before: next, automaton, sink)
            }
            follow(chunk, from: &next, automaton, sink)
            if node != Automaton.nowhere { return Int(automaton.nodes[Int(node)].depth) }
            // The byte at `next` ended what began earlier; what has fewer bytes than a head so
            // far may still become one.
            start = next - Heads.length + 1
        }
    }

    /// Goes through the automaton until the chunk ends or nothing deep is left.
    private mutating func follow(
        _ chunk: Span<UInt8>, from next: inout Int, _ automaton: Automaton,
        _ sink: (Span<UInt8>) -> Void
    ) {
        let nodes = automaton.nodes.span
        while next < chunk.count {
            let byte = chunk[next]
            var target = Automaton.successor(of: node, by: byte, in: nodes)
            while target == Automaton.nowhere {
                node = nodes[Int(node)].shorter
                if node == Automaton.nowhere { return }
                target = Automaton.successor(of: node, by: byte, in: nodes)
            }
            node = target
            next += 1
            if nodes[Int(node)].found != 0 { found(in: chunk, before: next, automaton, sink) }
        }
    }

    private mutating func found(
        in chunk: Span<UInt8>, before end: Int, _ automaton: Automaton,
        _ sink: (Span<UInt8>) -> Void
    ) {
        let state = automaton.nodes[Int(node)]
        guard state.found != 0 else { return }
        // Now and then, so that what is pending is never more than fits into one needle.
        give(before: end - Int(state.depth), of: chunk, sink)
        masks.add(end - Int(state.found)..<end)
    }

    /// The state after the first head that begins at `start` or later. `start` becomes its place;
    /// or, if there is none, the first place that too few bytes follow.
    private func head(
        in chunk: Span<UInt8>, from start: inout Int, _ automaton: Automaton
    ) -> UInt32 {
        let last = chunk.count - Heads.length
        // Where the sieve may look so that eight bytes can be read from each place it stands for.
        let sieved = chunk.count - 8
        let bytes = unsafe chunk.bytes
        while start <= last {
            if start >= 0, start <= sieved {
                let place = automaton.sieve.candidate(
                    in: bytes, from: start + Sieve.stride - 1, to: sieved)
                start = place - Sieve.stride + 1
                if place <= sieved {
                    for candidate in start...place {
                        // In bounds: no place is beyond `sieved`.
                        let head = unsafe bytes.unsafeLoadUnaligned(
                            fromUncheckedByteOffset: candidate, as: UInt64.self)
                        let node = automaton.heads.node(of: head & Heads.mask)
                        if node != Automaton.nowhere {
                            start = candidate
                            return node
                        }
                    }
                    start = place + 1
                    continue
                }
            }
            guard start <= last else { break }
            let node = automaton.heads.node(of: key(at: start, Heads.length, of: chunk))
            if node != Automaton.nowhere { return node }
            start += 1
        }
        return Automaton.nowhere
    }

    /// How many of the last bytes, which are too few for a head, some needle begins with.
    private func shallowDepth(at start: Int, of chunk: Span<UInt8>, _ heads: Heads) -> Int {
        for place in start..<chunk.count {
            let count = chunk.count - place
            if heads.begin(with: key(at: place, count, of: chunk), count: count) { return count }
        }
        return 0
    }

    /// Bytes as a number, the first being the least, also from what was held back.
    private func key(at start: Int, _ count: Int, of chunk: Span<UInt8>) -> UInt64 {
        var key: UInt64 = 0
        for index in 0..<count {
            let place = start + index
            let byte = place < 0 ? held[held.count + place] : chunk[place]
            key |= UInt64(byte) << UInt64(8 * index)
        }
        return key
    }

    private mutating func give(
        before safe: Int, of chunk: Span<UInt8>, _ sink: (Span<UInt8>) -> Void
    ) {
        let held = self.held
        masks.give(before: safe, held: held.span, chunk, to: sink)
    }

    private mutating func hold(_ depth: Int, of chunk: Span<UInt8>) {
        let fresh = min(depth, chunk.count)
        held.removeFirst(held.count - (depth - fresh))
        unsafe chunk.extracting(last: fresh).withUnsafeBufferPointer { bytes in
            unsafe held.append(contentsOf: bytes)
        }
    }
}
