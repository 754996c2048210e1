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
