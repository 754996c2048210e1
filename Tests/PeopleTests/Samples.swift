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

/// A directory with these tokens, made of bytes 0, 1, 2 …
func directory(_ grants: Grant...) throws -> Directory {
    var directory = Directory()
    for (index, grant) in grants.enumerated() {
        let wish = TokenWish(try text(UInt8(index)), of: try name("p\(index)"), grants: [grant])
        directory.apply(.tokenMade(token: wish.token(at: start)), at: start)
    }
    return directory
}

let start = Token.Instant(wall: 1_000, steady: 0)

func caller(_ grants: Grant...) throws -> Caller {
    Caller(try name("ada"), grants: grants, token: try text().id)
}
