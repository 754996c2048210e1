import Attempts
package import Watching

/// What a hook tells the server: where somebody has pushed what, and who that was.
package struct HookMessage: Hashable, Sendable {
    /// A message that is longer is not taken.
    package static let maximumLength = 32 << 10
    package static let maximumPushes = 200
    static let maximumText = 1_024

    /// Variables that say who pushes, the most certain first: forges know who has logged in.
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

    /// From the lines `old new ref` that git gives a post-receive hook, and the environment. What
    /// does not fit is left out: that there was a push is what matters.
    package init(
        repository: String, address: String?, lines: String, environment: [String: String]
    ) {
        let pusher = Self.pusherNames.compactMap { environment[$0] }.first { !$0.isEmpty }
        var room = Self.maximumLength / 2
        var pushes: [Push] = []
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count == 3, pushes.count < Self.maximumPushes, line.utf8.count < room else {
                continue
            }
            room -= line.utf8.count + 32
            pushes.append(Push(ref: String(words[2]), commit: String(words[1]), pusher: pusher))
        }
        self.init(repository: repository, address: address, pushes: pushes)
    }

    package var bytes: [UInt8] {
        var fields = Fields()
        fields.add("repository", repository)
        fields.add("address", address)
        fields.add("pusher", pushes.first?.pusher)
        for push in pushes { fields.add("push", "\(push.commit) \(push.ref)") }
        return fields.bytes
    }

    /// Nothing if it is damaged: then it says nothing.
    package init?(parsing bytes: [UInt8]) {
        guard bytes.count <= Self.maximumLength, let fields = try? Fields(parsing: bytes),
            let repository = fields.texts("repository").first
        else { return nil }
        let pusher = fields.texts("pusher").first.map(Self.tidy)
        let pushes = fields.texts("push").prefix(Self.maximumPushes).compactMap { text -> Push? in
            guard let space = text.firstIndex(of: " ") else { return nil }
            return Push(
                ref: String(text[text.index(after: space)...]), commit: String(text[..<space]),
                pusher: pusher)
        }
        self.init(
            repository: repository, address: fields.texts("address").first, pushes: Array(pushes))
    }

    /// A name is shown to people and put on the record.
    private static func tidy(_ name: String) -> String {
        let kept = name.unicodeScalars.prefix(maximumText).filter {
            $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
        }
        return String(String.UnicodeScalarView(kept))
    }
}
