import Pipelines
import YAML

/// Something that a definition names and does not hold itself, and whether this house has it.
struct Need: Hashable {
    enum Kind: String, CaseIterable {
        case runner, secret, pipeline, approver, source
    }

    enum Standing: String, CaseIterable {
        case here, missing
        /// It cannot be told, or not to whoever asks.
        case unknown
    }

    let kind: Kind
    let name: String
    let place: Place
    let standing: Standing
    /// What is wrong, or why it cannot be told; empty if it is here.
    let problem: String
    let hint: String

    static func here(_ kind: Kind, _ name: String, at place: Place) -> Need {
        Need(kind: kind, name: name, place: place, standing: .here, problem: "", hint: "")
    }

    static func missing(
        _ kind: Kind, _ name: String, at place: Place, _ problem: String, hint: String
    ) -> Need {
        Need(
            kind: kind, name: name, place: place, standing: .missing, problem: problem, hint: hint)
    }

    static func unknown(_ kind: Kind, _ name: String, at place: Place, _ problem: String) -> Need {
        Need(
            kind: kind, name: name, place: place, standing: .unknown, problem: problem, hint: "")
    }

    static let view = View<Need>(
        "Need", "Something that a definition names, and whether the server has it.",
        [
            .word("kind", "What it is.", among: Kind.allCases.map(\.rawValue)) { $0.kind.rawValue },
            .text("name", "What the definition calls it.") { $0.name },
            .word(
                "standing", "Whether the server has it, as far as can be told.",
                among: Standing.allCases.map(\.rawValue)
            ) { $0.standing.rawValue },
            .count("line", "The line that names it, from 1.") { $0.place.line },
            .count("column", "The letter in it, from 1.") { $0.place.column },
            .text("message", "What is wrong; empty if it is here.") { $0.problem },
            .text("hint", "What to do about it.") { $0.hint },
        ])
}
