import JSON

/// What an image runs on: `linux/arm64/v8`.
package struct Platform: Hashable, Sendable, CustomStringConvertible {
    package let system: String
    package let architecture: String
    package let variant: String?
    /// Of the system, where programs run on no other.
    private let version: String?

    package init(system: String, architecture: String, variant: String? = nil) {
        self.init(system, architecture, variant, version: nil)
    }

    private init(
        _ system: String, _ architecture: String, _ variant: String?, version: String?
    ) {
        self.system = system
        self.architecture = architecture
        self.variant = variant
        self.version = version
    }

    /// As `--platform` has it.
    package init(parsing text: String) throws(ImageMistake) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard 2...3 ~= parts.count, parts.allSatisfy(Self.isWord) else {
            throw ImageMistake(
                "'\(ImageMistake.shown(text))' is no platform",
                hint: "write one such as 'linux/amd64' or 'linux/arm/v7'")
        }
        self.init(
            system: parts[0].lowercased(), architecture: parts[1].lowercased(),
            variant: parts.count > 2 ? parts[2].lowercased() : nil)
    }

    /// What is built where nothing else is asked for.
    package static var ofThisMachine: Platform {
        #if arch(arm64)
            Platform(system: "linux", architecture: "arm64")
        #else
            Platform(system: "linux", architecture: "amd64")
        #endif
    }

    package var description: String {
        ([system, architecture] + [variant].compactMap(\.self)).joined(separator: "/")
    }

    init?(_ members: Members) throws(ImageMistake) {
        guard let system = try members.text("os"),
            let architecture = try members.text("architecture")
        else { return nil }
        self.init(
            system, architecture, try members.text("variant"),
            version: try members.text("os.version"))
    }

    var json: JSON {
        var members = [
            JSON.Member("architecture", .string(architecture)), .init("os", .string(system)),
        ]
        if let variant { members.append(.init("variant", .string(variant))) }
        if let version { members.append(.init("os.version", .string(version))) }
        return .object(members)
    }

    /// Under the one name of several that most programs give it.
    package var usual: Platform {
        let name: (String, String?) =
            switch (architecture, variant) {
            case ("x86_64", _), ("x86-64", _), ("amd64", "v1"): ("amd64", nil)
            case ("aarch64", _), ("arm64", "v8"): ("arm64", nil)
            case ("i386", _), ("i686", _): ("386", nil)
            case ("armhf", _), ("arm", nil): ("arm", "v7")
            case ("armel", _): ("arm", "v6")
            default: (architecture, variant)
            }
        return Platform(system: system, architecture: name.0, variant: name.1)
    }

    private static func isWord(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
                default: false
                }
            }
    }
}
