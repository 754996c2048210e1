/// The automaton in the making.
struct NeedleTree {
    private(set) var nodes: [Automaton.Node]
    private(set) var heads: [Heads.Head] = []
    private let bytes: [UInt8]
    /// For each state, the state before it, and where in `bytes` the byte that leads to it stands.
    private var origins: [(parent: UInt32, spot: Int)]

    private static let nowhere = Automaton.Node(
        depth: 0, sibling: 0, shorter: 0, found: 0, label: 0)

    init(_ needles: SortedNeedles) {
        bytes = needles.bytes
        nodes = [Self.nowhere]
        origins = [(0, 0)]
        nodes.reserveCapacity(bytes.count + 2)
        origins.reserveCapacity(bytes.count + 1)
        let longest = needles.places.reduce(0) { max($0, $1.length) }
        // The states of the last needle, by depth.
        var path = [UInt32](repeating: Automaton.nowhere, count: longest + 1)
        var last: SortedNeedles.Place?
        for needle in needles.places {
            let shared = last.map { needles.shared($0, needle) } ?? 0
            if shared < Heads.length {
                path[Heads.length] = addHead(of: needle)
            }
            for depth in max(shared, Heads.length)..<needle.length {
                let new = add(depth: depth + 1, spot: needle.start + depth, after: path[depth])
                if depth == shared, let last, last.length > shared {
                    nodes[Int(path[depth + 1])].sibling = new
                }
                path[depth + 1] = new
            }
            nodes[Int(path[needle.length])].found = UInt32(needle.length)
            last = needle
        }
        nodes.append(Self.nowhere)
    }

    /// Gives each state the shorter one to fall back to, the shallow ones first, because the deep
    /// ones are linked by way of them. A head has none: what is shorter is not kept.
    mutating func link(by heads: Heads) {
        for index in deeperThanHeads() {
            var shorter = nodes[Int(origins[Int(index)].parent)].shorter
            var target = Automaton.nowhere
            while shorter != Automaton.nowhere, target == Automaton.nowhere {
                target = Automaton.successor(
                    of: shorter, by: nodes[Int(index)].label, in: nodes.span)
                shorter = nodes[Int(shorter)].shorter
            }
            if target == Automaton.nowhere {
                target = heads.node(of: key(endingAt: origins[Int(index)].spot))
            }
            nodes[Int(index)].shorter = target
            if nodes[Int(index)].found == 0 {
                nodes[Int(index)].found = nodes[Int(target)].found
            }
        }
    }

    private mutating func addHead(of needle: SortedNeedles.Place) -> UInt32 {
        let spot = needle.start + Heads.length - 1
        let node = add(depth: Heads.length, spot: spot, after: Automaton.nowhere)
        heads.append(Heads.Head(key: key(endingAt: spot), node: node))
        return node
    }

    private mutating func add(depth: Int, spot: Int, after parent: UInt32) -> UInt32 {
        nodes.append(
            Automaton.Node(
                depth: UInt32(depth), sibling: Automaton.nowhere, shorter: Automaton.nowhere,
                found: 0, label: bytes[spot]))
        origins.append((parent, spot))
        return UInt32(nodes.count - 1)
    }

    private func key(endingAt spot: Int) -> UInt64 {
        (0..<Heads.length).reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[spot - $1]) }
    }

    /// By depth.
    private func deeperThanHeads() -> [UInt32] {
        let deepest = nodes.reduce(0) { max($0, Int($1.depth)) }
        var starts = [Int](repeating: 0, count: deepest + 2)
        for node in nodes where node.depth > Heads.length { starts[Int(node.depth) + 1] += 1 }
        for depth in 1..<starts.count { starts[depth] += starts[depth - 1] }
        var order = [UInt32](repeating: 0, count: starts[deepest + 1])
        for (index, node) in nodes.enumerated() where node.depth > Heads.length {
            order[starts[Int(node.depth)]] = UInt32(index)
            starts[Int(node.depth)] += 1
        }
        return order
    }
}
