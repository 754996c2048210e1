/// Reads one document from a text.
package enum Document {
    /// Nothing where the text is empty or has only comments.
    package static func read(_ bytes: [UInt8]) throws(YAMLError) -> Node? {
        if let problem = Encoding.problem(in: bytes) { throw problem }
        var builder = Builder()
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        var parser = Parser(hasMark ? Array(bytes.dropFirst(3)) : bytes)
        while true {
            switch try parser.next() {
            case .streamEnd: return builder.root
            case .documentStart(let place):
                guard builder.root == nil else {
                    throw YAMLError(
                        place, "a second document begins here",
                        hint: "keep one pipeline in a file; remove the '---'")
                }
            case .scalar(let text, let isPlain, let anchor, let place):
                let node = Node(.scalar(text, isPlain: isPlain), at: place)
                try builder.add(node, anchor: anchor)
            case .alias(let name, let place): try builder.add(alias: name, at: place)
            case .sequenceStart(let anchor, let place):
                try builder.open(anchor: anchor, at: place, isMapping: false)
            case .mappingStart(let anchor, let place):
                try builder.open(anchor: anchor, at: place, isMapping: true)
            case .end: try builder.close()
            }
        }
    }
}

/// Puts nodes together from events. Depth is its own stack, never the machine's.
private struct Builder {
    private struct Level {
        let place: Place
        let anchor: String?
        let isMapping: Bool
        var nodes: [Node] = []
    }

    private(set) var root: Node?
    private var levels: [Level] = []
    private var anchors: [String: Node] = [:]
    private var size = 0

    mutating func open(anchor: String?, at place: Place, isMapping: Bool) throws(YAMLError) {
        guard levels.count < Limits.depth else {
            throw YAMLError(
                place, "more than \(Limits.depth) levels inside one another",
                hint: "no definition needs that many; look for brackets too many")
        }
        levels.append(Level(place: place, anchor: anchor, isMapping: isMapping))
    }

    mutating func close() throws(YAMLError) {
        guard let level = levels.popLast() else { return }
        let content: Node.Content =
            level.isMapping
            ? .mapping(
                stride(from: 0, to: level.nodes.count - 1, by: 2).map {
                    Entry(key: level.nodes[$0], value: level.nodes[$0 + 1])
                })
            : .sequence(level.nodes)
        try add(Node(content, at: level.place), anchor: level.anchor, isCounted: true)
    }

    mutating func add(alias name: String, at place: Place) throws(YAMLError) {
        if levels.contains(where: { $0.anchor == name }) {
            throw YAMLError(
                place, "'*\(name)' refers to what it is part of",
                hint: "an alias can only stand for something complete")
        }
        guard let node = anchors[name] else {
            let names = anchors.keys.sorted().map { "'*\($0)'" }.joined(separator: ", ")
            throw YAMLError(
                place, "there is no '&\(name)' above this",
                hint: names.isEmpty ? "define it above with '&\(name)'" : "there are \(names)")
        }
        try count(node.size, at: place)
        put(node)
    }

    mutating func add(
        _ node: Node, anchor: String?, isCounted: Bool = false
    ) throws(YAMLError) {
        // What is inside a collection was counted when it came.
        try count(isCounted ? 1 : node.size, at: node.place)
        if let anchor { anchors[anchor] = node }
        put(node)
    }

    private mutating func put(_ node: Node) {
        if levels.isEmpty {
            root = node
        } else {
            levels[levels.count - 1].nodes.append(node)
        }
    }

    private mutating func count(_ nodes: Int, at place: Place) throws(YAMLError) {
        size += nodes
        guard size <= Limits.nodes else {
            throw YAMLError(
                place, "the document has more than \(Limits.nodes) values, aliases counted",
                hint: "use fewer aliases, or split the pipeline")
        }
    }
}
