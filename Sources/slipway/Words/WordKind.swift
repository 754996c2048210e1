/// What a word on the line stands for, so that a shell can offer words for it.
enum WordKind: Hashable {
    /// Whatever a person writes.
    case text
    case file
    case folder
    /// The file of a pipeline.
    case definition
    /// `shop`
    case pipeline
    /// `shop/42`
    case execution
    /// `test/unit`, of the execution before it on the line.
    case action
    /// A stage of the pipeline whose file is on the line.
    case stage
    /// `NAME=VALUE`, `NAME=DIR` and `NAME=FILE`, by the names that the pipeline knows.
    case variable
    case source
    case secret
    case oneOf([String])
    /// What only a server knows.
    case served(ServerList)

    enum ServerList: Hashable {
        /// Of the pipeline or execution that stands before it on the line.
        case stages
        /// Of the environment that stands before it on the line.
        case instances, releases
        case environments, secrets, runners, tokens, people
    }
}

/// A word that stands by itself on the line: `FILE`.
struct Operand {
    enum Count { case one, perhaps, many }

    let name: String
    let kinds: [WordKind]
    let count: Count

    init(_ name: String, _ kinds: WordKind..., count: Count = .one) {
        self.name = name
        self.kinds = kinds
        self.count = count
    }

    /// As usage lines have it.
    var written: String {
        switch count {
        case .one: name
        case .perhaps: "[\(name)]"
        case .many: "\(name)…"
        }
    }
}
