import Images
package import Support

/// A tag of a test's own in one of the tests' registries, moved by `skopeo`.
package struct WatchedTag {
    package let name: String
    private let registry: TestRegistry
    private let path: String

    /// As it is reached directly, or through somebody else.
    package init(at registry: TestRegistry, through host: String? = nil, isSecured: Bool = false) {
        self.registry = registry
        path = "test/\(UInt64.random(in: 0 ... .max))"
        name = "\(host ?? (isSecured ? registry.secured : registry.plain))/\(path):stable"
    }

    package var repository: String { String(name.dropLast(":stable".count)) }

    /// Puts an image under it that nobody has seen; gives its digest.
    package func move() throws -> String {
        try move(to: .random([100]))
    }

    package func move(to image: SampleImage) throws -> String {
        let isSecured = name.hasPrefix(registry.secured)
        let host = isSecured ? registry.secured : registry.plain
        let login = isSecured ? ["--dest-creds", "\(registry.user):\(registry.password)"] : []
        // It packs what is not packed, so the image is another than it was.
        let digest = image.folder.file("digest")
        let pushed = try Program.run(
            ["/usr/bin/skopeo", "copy", "-q", "--dest-tls-verify=false", "--digestfile", digest]
                + login + ["oci:\(image.layout)", "docker://\(host)/\(path):stable"])
        guard pushed.code == 0 else { throw NotPushed(description: pushed.errors) }
        return try image.folder.text(of: "digest")
    }

    private struct NotPushed: Error, CustomStringConvertible { let description: String }
}
