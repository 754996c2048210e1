/// The needles as one Aho-Corasick automaton, from depth 6 on. Shallower states are not kept: the
/// first six bytes of every needle are found by `heads` at once, and `sieve` says where in a text
/// it is worth to look for them.
struct Automaton: Sendable {
    /// A state: where in the needles what has been read ends.
    struct Node: Sendable {
        /// The most bytes that what has been read ends in and some needle begins with.
        var depth: UInt32
        /// The next state that has been reached from the same one, by another byte.
        var sibling: UInt32
        /// Where to go on if no needle goes on with the byte that comes: the longest other
        /// beginning that what has been read ends in.
        var shorter: UInt32
        /// The length of the longest needle that ends here; 0 if none does.
        var found: UInt32
        /// The byte that leads here.
        var label: UInt8
    }

    /// Stands for all that is shallower than a head.
    static let nowhere: UInt32 = 0

    /// In the order of a walk down the tree, so that a state's first successor is next to it and
    /// a needle is read from one stretch of memory. One beyond each end is `nowhere`.
    private(set) var nodes: [Node]
    let heads: Heads
    let sieve: Sieve

    /// Nothing if there is nothing to look for.
    init?(_ needles: [[UInt8]]) {
        let sorted = SortedNeedles(needles.filter { $0.count >= Heads.length })
        guard !sorted.isEmpty else { return nil }
        var tree = NeedleTree(sorted)
        heads = Heads(tree.heads)
        sieve = Sieve(tree.heads)
        tree.link(by: heads)
        nodes = tree.nodes
    }

    @inline(__always)
    static func successor(
        of node: UInt32, by label: UInt8, in nodes: Span<Node>
    ) -> UInt32 {
        var next = node + 1
        guard nodes[Int(next)].depth == nodes[Int(node)].depth + 1 else { return nowhere }
        while next != nowhere, nodes[Int(next)].label != label {
            next = nodes[Int(next)].sibling
        }
        return next
    }
}
