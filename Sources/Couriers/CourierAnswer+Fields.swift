package import Attempts
import Git

// Answers as they come over the line. Who reads them takes nothing for granted: what wrote them has
// read what strangers made.
extension CourierAnswer {
    package var fields: Fields {
        var fields = Fields()
        switch self {
        case .busy: fields.add("answer", "busy")
        case .done: fields.add("answer", "done")
        case .refs(let refs):
            fields.add("answer", "refs")
            fields.add("head", refs.head)
            let lines = refs.refs.map { "\($0.commit) \($0.name)\n" }
            fields.add("refs", lines.joined())
        case .tag(let found):
            fields = found.fields
            fields.add("answer", "tag")
        case .news(let news):
            fields.add("answer", "news")
            fields.add("message", news.message)
            fields.add("committed-at", news.committedAt)
            for person in news.people { fields.add("person", person) }
            for commit in news.commits { fields.add("commit", commit.description) }
            if let paths = news.paths {
                fields.add("paths", paths.joined(separator: "\0"))
            }
        case .comparison(let told):
            fields.add("answer", "comparison")
            for commit in told.commits { fields.add("commit", commit.fields) }
            fields.add("cut", told.isCut ? 1 : 0)
            fields.add("files", told.files.joined(separator: "\0"))
        case .found(let found):
            fields.add("answer", "found")
            fields.add("commit", found.commit.description)
            fields.add("ref", found.ref)
        case .tree(let path, let warnings):
            fields.add("answer", "tree")
            fields.add("path", path)
            for warning in warnings { fields.add("warning", warning) }
        case .failed(let error):
            fields.add("answer", "failed")
            fields.add("kind", error.kind.rawValue)
            fields.add("operation", error.operation)
            fields.add("problem", error.problem)
            fields.add("hint", error.hint)
            fields.add("pause", error.pause.map { Int($0 / .milliseconds(1)) })
        }
        return fields
    }

    package init(_ fields: Fields) throws(FieldError) {
        switch try fields.text("answer") {
        case "busy": self = .busy
        case "done": self = .done
        case "refs": self = .refs(try Self.refs(fields))
        case "tag": self = .tag(try FoundTag(fields))
        case "news":
            let paths = fields.texts("paths").first?.split(separator: "\0").map { String($0) }
            self = .news(
                News(
                    message: try fields.text("message"),
                    people: Array(fields.texts("person").prefix(News.maximumPeople)),
                    commits: Array(
                        fields.texts("commit").prefix(News.maximumCommits)
                            .compactMap { ObjectID($0) }),
                    paths: paths, committedAt: try fields.numberIfThere("committed-at")))
        case "comparison":
            let files = try fields.text("files").split(separator: "\0").map { String($0) }
            self = .comparison(
                Comparison(
                    commits: try fields.all("commit").prefix(Comparison.maximumCommits)
                        .map { bytes throws(FieldError) in try Comparison.Commit(bytes) },
                    isCut: try fields.number("cut") == 1,
                    files: Array(files.prefix(Comparison.maximumFiles))))
        case "found":
            self = .found(
                Found(commit: try fields.id("commit"), ref: fields.texts("ref").first))
        case "tree":
            self = .tree(path: try fields.text("path"), warnings: fields.texts("warning"))
        case "failed":
            self = .failed(
                GitError(
                    GitError.Kind(rawValue: try fields.text("kind")) ?? .other,
                    try fields.text("operation"), problem: try fields.text("problem"),
                    hint: try fields.text("hint"),
                    pause: try fields.numberIfThere("pause").map { .milliseconds($0) }))
        case let answer: throw FieldError("there is no answer '\(answer)'")
        }
    }

    private static func refs(_ fields: Fields) throws(FieldError) -> RemoteRefs {
        var refs: [RemoteRefs.Ref] = []
        for line in try fields.text("refs").split(separator: "\n").prefix(RemoteRefs.maximum) {
            guard let space = line.firstIndex(of: " "), let id = ObjectID(String(line[..<space]))
            else { throw FieldError("a ref is damaged") }
            refs.append(.init(name: String(line[line.index(after: space)...]), commit: id))
        }
        return RemoteRefs(refs: refs, head: fields.texts("head").first)
    }
}

extension Comparison.Commit {
    fileprivate var fields: Fields {
        var fields = Fields()
        fields.add("id", id.description)
        fields.add("subject", subject)
        fields.add("author", author)
        fields.add("time", time)
        return fields
    }

    fileprivate init(_ bytes: [UInt8]) throws(FieldError) {
        let fields = try Fields(parsing: bytes)
        self.init(
            id: try fields.id("id"), subject: try fields.text("subject"),
            author: try fields.text("author"), time: try fields.number("time"))
    }
}
