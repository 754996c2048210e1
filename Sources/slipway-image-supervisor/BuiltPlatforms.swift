import Attempts
import ImageArchives
import Images

extension ImageBuildSpec {
    /// Those that it is built for; none where the builder's own is meant.
    func readPlatforms() throws -> [Platform] {
        let read = try platforms.map { try Platform(parsing: $0) }
        for (index, platform) in read.enumerated()
        where read[..<index].contains(where: { $0.usual == platform.usual }) {
            throw Unshippable(
                "'platforms' names \(platform) twice", hint: "name each platform once")
        }
        return read
    }
}

extension ImageParts {
    /// What was built: an archive for each platform, or the only one where none is named.
    init(_ build: ImageBuildSpec, _ archives: [ImageArchive]) throws {
        let platforms = try build.readPlatforms()
        if platforms.isEmpty, let only = archives.first {
            self.init(only)
        } else {
            self.init(built: Array(zip(platforms, archives)))
        }
    }
}
