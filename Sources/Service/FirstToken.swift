import Conductor
import Cryptography
import Engine
import Glibc
import People
import Pipelines
import SmallFiles

/// The token with which the first administrator comes in. It is made when the record knows of none,
/// and lies in a file that only the house's owner can read.
enum FirstToken {
    static func path(in home: String) -> String { "\(home)/admin-token" }

    static func isThere(in home: String) -> Bool { unsafe access(path(in: home), F_OK) == 0 }

    /// What is to be decided, if one is needed; its text is in its place before anybody can use it.
    static func message(
        in home: String, _ state: EngineState, at now: Moment
    ) throws -> Message? {
        guard state.people.administrators(at: now.instant).isEmpty,
            let owner = PersonName("administrator")
        else { return nil }
        let random = try RandomBytes.make(TokenText.randomBytes)
        guard let text = TokenText(random: random) else { return nil }
        try SmallFile.replace(path(in: home), with: Array("\(text.text)\n".utf8))
        let wish = TokenWish(
            text, of: owner, grants: [Grant(.admin)], about: "the first, made by the server")
        return Message(.people(.make(wish)), by: .slipway)
    }
}
