import Glibc
import HTTP

extension DockerEngine {
    /// Writes the image with all its layers into an open file, as `docker save` does.
    package func save(
        _ image: String, to descriptor: Int32, whileTrue goesOn: () -> Bool = { true }
    ) throws(BuildProblem) {
        let name = ImageName(image)
        let request = EngineRequest(
            "save image '\(image)'", .get, "/images/\(name.path)/get", taking: .stream(1 << 20))
        let transfer = try asked { () throws(DockerError) in try begin(request) }
        defer { abandon(transfer) }
        run()
        while true {
            guard goesOn() else { throw .cancelled }
            let isOver = transfer.isDone
            let isRefused = transfer.status.map { !(200...299 ~= $0) } ?? true
            if isRefused {
                if isOver { _ = try asked { () throws(DockerError) in try answer(of: transfer) } }
            } else {
                try Self.write(transfer.take(), to: descriptor)
                if isOver { break }
            }
            wait([], milliseconds: 1_000)
        }
        _ = try asked { () throws(DockerError) in try answer(of: transfer) }
    }

    /// Takes the name away, and the image with it if that has no other. One that is gone is no
    /// mistake.
    package func remove(name: BuildName) throws(DockerError) { try remove(name: name.description) }

    /// Removes the names of a house's builds that nobody is at; `living` are the owners that live.
    /// It is asked after the names, so that a build which begins meanwhile is not among them.
    package func sweepBuilds(
        house: String, keeping living: () -> [String]
    ) throws(DockerError) {
        let names = try names(like: BuildName.pattern(house: house))
        let owners = names.isEmpty ? [] : living()
        for name in names where !owners.contains(where: { BuildName.isName(name, of: $0) }) {
            try remove(name: name)
        }
    }

    /// Removes the names of one owner's builds, which nobody is at any more.
    package func removeBuilds(of owner: String) throws(DockerError) {
        for name in try names(like: BuildName.pattern(owner: owner)) { try remove(name: name) }
    }

    /// All names of images that fit a pattern.
    private func names(like pattern: String) throws(DockerError) -> [String] {
        let listed: [ListedImage] = try decode(
            EngineRequest(
                "list images", .get, "/images/json",
                query: [("filters", Self.filter("reference", pattern))]))
        return listed.flatMap { $0.names ?? [] }
    }

    private func remove(name: String) throws(DockerError) {
        do throws(DockerError) {
            try perform(
                EngineRequest(
                    "remove the name '\(name)'", .delete, "/images/\(ImageName(name).path)"))
        } catch .refused(_, status: 404, _) {}
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(BuildProblem) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { space in
                unsafe Glibc.write(descriptor, space.baseAddress, space.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .unfit(
                    "the image cannot be written: \(unsafe String(cString: strerror(errno)))",
                    hint: "make room there: as much as the image is large")
            }
            rest = rest.dropFirst(count)
        }
    }
}
