import HTTP
import JSON

/// What an image is to be made of. A value: what the Engine is asked comes of it and nothing else.
package struct ImageBuild: Hashable, Sendable {
    /// What the commands of a Dockerfile can reach.
    package enum Network: String, Sendable {
        case none
        /// The Engine's bridge.
        case bridge = "default"
        case host
    }

    /// Where what was made is kept for the next build.
    package enum CacheKeeping: Sendable {
        /// In the Engine alone.
        case local
        /// In the image too, so that whoever pulls it can build from it.
        case inline
    }

    /// From the root of what is built.
    package var dockerfile = "Dockerfile"
    package var target: String?
    /// Anybody who has the image can read them.
    package var arguments: [String: String] = [:]
    package var labels: [String: String] = [:]
    /// The Engine's own where none is named.
    package var platform: String?
    package var cacheFrom: [String] = []
    package var cacheKeeping = CacheKeeping.local
    package var network = Network.none
    /// Seconds since 1970 of what is built, for tools that write times into what they make.
    package var time: Int?

    package init() {}

    /// What no Engine could do with it, before any is asked.
    package func check() throws(BuildProblem) {
        if let platform, !Self.isPlatform(platform) {
            throw .unfit(
                "'\(BuildText.visible(platform))' is no platform",
                hint: "write it as in 'linux/amd64' or 'linux/arm/v7'")
        }
        let parts = dockerfile.split(separator: "/", omittingEmptySubsequences: false)
        guard !dockerfile.isEmpty, !parts.contains(".."), !dockerfile.hasPrefix("/") else {
            throw .unfit(
                "the Dockerfile '\(BuildText.visible(dockerfile))' is not in what is built",
                hint: "name it from the root of the context, as in 'docker/Dockerfile'")
        }
        for name in arguments.keys where name.isEmpty || name.utf8.contains(where: Self.isNoName) {
            throw .unfit(
                "'\(BuildText.visible(name))' is no name of a build argument",
                hint: "use letters, digits and '_', as in 'VERSION'")
        }
    }

    func request(named name: BuildName, session: String) -> EngineRequest {
        EngineRequest(
            "build an image", .post, "/build",
            query: query(named: name, session: session), taking: .stream(1 << 20))
    }

    /// What is asked of `/build`, in an order that does not change.
    package func query(named name: BuildName, session: String) -> [(String, String)] {
        var query = [
            ("version", "2"), ("t", name.description), ("dockerfile", dockerfile), ("rm", "1"),
            ("forcerm", "1"), ("networkmode", network.rawValue), ("session", session),
            ("remote", "client-session"),
        ]
        if let target { query.append(("target", target)) }
        if let platform { query.append(("platform", platform)) }
        if !allArguments.isEmpty { query.append(("buildargs", Self.text(allArguments))) }
        if !labels.isEmpty { query.append(("labels", Self.text(labels))) }
        if !cacheFrom.isEmpty {
            query.append(("cachefrom", JSON.array(cacheFrom.map { .string($0) }).text))
        }
        return query
    }

    private var allArguments: [String: String] {
        var all: [String: String] = [:]
        if let time { all["SOURCE_DATE_EPOCH"] = String(time) }
        if cacheKeeping == .inline { all["BUILDKIT_INLINE_CACHE"] = "1" }
        return all.merging(arguments) { _, written in written }
    }

    private static func text(_ values: [String: String]) -> String {
        let sorted = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return JSON.object(sorted.map { JSON.Member($0.key, .string($0.value)) }).text
    }

    private static func isPlatform(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return 2...3 ~= parts.count
            && parts.allSatisfy { !$0.isEmpty && !$0.utf8.contains(where: isNoName) }
    }

    private static func isNoName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            false
        default: true
        }
    }
}
