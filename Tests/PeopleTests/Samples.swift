import People
import Pipelines
import Testing

func globs(_ texts: String...) throws -> [Glob] {
    try texts.map { text throws(Mistake) in try Glob(parsing: text) }
}

func text(_ seed: UInt8 = 7) throws -> TokenText {
    try #require(TokenText(random: Array(repeating: seed, count: TokenText.randomBytes)))
}

func name<Subject>(_ text: String) throws -> Name<Subject> { try #require(Name<Subject>(text)) }

func caller(_ grants: Grant...) throws -> Caller {
    Caller(try name("ada"), grants: grants, token: try text().id)
}
