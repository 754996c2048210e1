package import Engine
import Glibc
package import Pipelines
package import Runner

/// The registries that this machine knows: files of whoever hosts it. One that none of them tells
/// of is spoken to with TLS and as nobody in particular, or as AWS's, if it is one.
package struct Registries: Sendable {
    private let files: HostFiles

    package init(in folder: String? = nil) { files = HostFiles("registries", in: folder) }

    /// How they are reached, as a runner is told.
    package func access() throws(Refusal) -> RegistryAccess {
        RegistryAccess(try all(), environment: Self.environment)
    }

    /// All there are. No two tell of the same host, so nobody has to guess which counts.
    package func all() throws(Refusal) -> [RegistryProfile] {
        var profiles: [RegistryProfile] = []
        for name in files.names {
            let profile = try files.profile(
                name, called: { "\($0.name)" }, read: RegistryProfile.read)
            guard let profile else { continue }
            if let other = profiles.first(where: { $0.host == profile.host }) {
                throw Refusal(
                    .invalid,
                    "registries '\(other.name)' and '\(profile.name)' have the same host, "
                        + "'\(profile.host)'",
                    hint: "keep one; 'repositories' of it may name several patterns")
            }
            profiles.append(profile)
        }
        return profiles
    }

    /// What AWS's own programs would look at in the house's place.
    package static var environment: [String: String] {
        var found: [String: String] = [:]
        var next = unsafe environ
        while let line = unsafe next.pointee {
            let text = unsafe String(cString: line)
            unsafe next += 1
            guard let equals = text.firstIndex(of: "=") else { continue }
            let name = String(text[..<equals])
            guard name.hasPrefix("AWS_") || name == "HOME" else { continue }
            found[name] = String(text[text.index(after: equals)...])
        }
        return found
    }
}
