import FoundationEssentials

/// The answer to a build: an object a line. It begins as a success, whatever comes of it.
package struct BuildStory: Sendable {
    private static let longestLine = 16 << 20

    private var rest: [UInt8] = []
    private var lines = BuildLines()
    /// `sha256:…`
    package private(set) var image: String?
    /// The Engine's words for why there is none.
    package private(set) var error: String?
    /// Why the rest of the answer cannot be understood.
    package private(set) var broken: String?

    package init() {}

    /// What is new, as lines for people.
    package mutating func feed(_ bytes: [UInt8]) -> [String] {
        var told: [String] = []
        for byte in bytes where broken == nil {
            if byte == UInt8(ascii: "\n") {
                told += hear(rest)
                rest.removeAll(keepingCapacity: true)
            } else if rest.count < Self.longestLine {
                rest.append(byte)
            } else {
                broken = "it sent a line of more than \(Self.longestLine) bytes"
            }
        }
        return told
    }

    /// To be called when the answer has ended.
    package mutating func finish() -> [String] {
        defer { rest = [] }
        let told = rest.isEmpty ? [] : hear(rest)
        return error == nil ? told : told + lines.ending()
    }

    /// What came of it.
    package func result() throws(BuildProblem) -> String {
        if let error { throw .failed(BuildText.visible(error), step: lines.failed) }
        if let broken { throw .broken(broken) }
        guard let image else { throw .broken("its answer ended without an image") }
        return image
    }

    private mutating func hear(_ line: [UInt8]) -> [String] {
        guard !line.allSatisfy({ $0 <= 32 }) else { return [] }
        guard let said = try? JSONDecoder().decode(Said.self, from: Data(line)) else {
            broken = "it sent a line that makes no sense"
            return []
        }
        error = error ?? said.error
        switch said.aux {
        case .image(let id): image = id
        case .trace(let text):
            guard let bytes = Data(base64Encoded: text), let trace = BuildTrace(Array(bytes)) else {
                broken = "it told of its steps in a way that is not known here"
                return []
            }
            return lines.lines(of: trace)
        case nil: break
        }
        return []
    }
}

private struct Said: Decodable {
    enum Aux {
        case image(String)
        case trace(String)
    }

    private struct Image: Decodable {
        let id: String

        private enum CodingKeys: String, CodingKey { case id = "ID" }
    }

    private enum CodingKeys: String, CodingKey { case id, aux, error }

    let aux: Aux?
    let error: String?

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        error = try values.decodeIfPresent(String.self, forKey: .error)
        switch try values.decodeIfPresent(String.self, forKey: .id) {
        case "moby.buildkit.trace": aux = .trace(try values.decode(String.self, forKey: .aux))
        case "moby.image.id": aux = .image(try values.decode(Image.self, forKey: .aux).id)
        default: aux = nil
        }
    }
}
