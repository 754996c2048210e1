/// A registry by its name, with a port where it has one: `registry.example.com:5000`.
package struct RegistryHost: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    let name: String
    let port: Int?

    package init(parsing text: String) throws(ImageMistake) {
        let wrong = ImageMistake(
            "'\(ImageMistake.shown(text))' is no registry's host",
            hint: "write one such as 'registry.example.com' or 'localhost:5000'")
        guard let (name, port) = WebPlace.split(authority: text), name.utf8.count <= 253 else {
            throw wrong
        }
        self.name = name
        self.port = port
        description = name + (port.map { ":\($0)" } ?? "")
    }

    /// The first part of a name is a host only if it could be no part of a path.
    static func looksLikeOne(_ text: Substring) -> Bool {
        text == "localhost" || text.contains(".") || text.contains(":")
    }

    /// It is this machine itself.
    package var isLoopback: Bool { WebPlace.isLoopback(name) }

    /// Where its API is. The Docker Hub's is not where its name says.
    package func root(isPlain: Bool) -> WebPlace {
        let host = name == "docker.io" || name == "index.docker.io" ? "registry-1.docker.io" : name
        return WebPlace(
            isPlain: isPlain, host: host, port: port ?? (isPlain ? 80 : 443), target: "/v2/")
    }
}
