import Attempts
package import Watching

/// What a hook tells the server: where somebody has pushed what, and who that was.
package struct HookMessage: Hashable, Sendable {
    /// A message that is longer is not taken.
    package static let maximumLength = 32 << 10
    package static let maximumPushes = 200
    static let maximumText = 1_024

    /// Variables that say who pushes, the most certain first: forges know who has logged in.
    /// `slipway-tell` is given what they say in the first of them.
    package static let pusherNames = [
        "SLIPWAY_PUSHER", "GL_USERNAME", "GITEA_PUSHER_NAME", "GL_USER", "REMOTE_USER", "USER",
        "LOGNAME",
    ]

    /// The folder of the repository, without links.
    package let repository: String
    /// The address by which pipelines know it, if that is no path.
    package let address: String?
    package let pushes: [Push]

    package init(repository: String, address: String?, pushes: [Push]) {
        self.repository = repository
        self.address = address
        self.pushes = pushes
    }

    /// From the fields of `slipway-tell`; `lines` are `old new ref` each, as git tells a hook. What
    /// does not fit is left out: that there was a push is what matters. Nothing if it is damaged.
    package init?(parsing bytes: [UInt8]) {
        guard bytes.count <= Self.maximumLength, let fields = try? Fields(parsing: bytes),
            let repository = fields.texts("repository").first
        else { return nil }
        let pusher = fields.texts("pusher").first.map(Self.tidy)
        let lines = fields.texts("lines").flatMap { $0.split(separator: "\n") }
        let pushes = lines.prefix(Self.maximumPushes).compactMap { line -> Push? in
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count == 3 else { return nil }
            return Push(ref: String(words[2]), commit: String(words[1]), pusher: pusher)
        }
        self.init(repository: repository, address: fields.texts("address").first, pushes: pushes)
    }

    /// A name is shown to people and put on the record.
    private static func tidy(_ name: String) -> String {
        let kept = name.unicodeScalars.prefix(maximumText).filter {
            $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
        }
        return String(String.UnicodeScalarView(kept))
    }
}
