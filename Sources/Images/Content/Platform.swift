/// What an image runs on: `linux/arm64/v8`.
package struct Platform: Hashable, Sendable, CustomStringConvertible {
    package let system: String
    package let architecture: String
    package let variant: String?

    package init(system: String, architecture: String, variant: String? = nil) {
        self.system = system
        self.architecture = architecture
        self.variant = variant
    }

    /// As `--platform` has it.
    package init(parsing text: String) throws(ImageMistake) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard 2...3 ~= parts.count, !parts.contains("") else {
            throw ImageMistake(
                "'\(ImageMistake.shown(text))' is no platform",
                hint: "write one such as 'linux/amd64'")
        }
        self.init(
            system: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil)
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
            system: system, architecture: architecture, variant: try members.text("variant"))
    }
}
