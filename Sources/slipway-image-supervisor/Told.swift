import Attempts
import ECR
import Glibc
import Images
import JSON
import Registry
import SmallFiles
import Zones

/// What those who come after are told of an image that was pushed: variables, and the two files
/// that AWS's deployments read.
struct Told {
    private let pushed: PushedImage
    private let container: String
    private let pushedAt: String
    private let size: Int

    init(_ pushed: PushedImage, _ image: ImageSpec, at milliseconds: Int) {
        self.pushed = pushed
        pushedAt = Timestamp.text(milliseconds: Int64(milliseconds))
        size = pushed.sent + pushed.mounted + pushed.skipped
        let name = pushed.repository.path.split(separator: "/").last.map { String($0) }
        container = image.container ?? name ?? pushed.repository.path
    }

    /// Nothing of it is there before all of it is true.
    func write(in folder: AttemptFolder, as outputs: String?) throws(FileProblem) {
        try SmallFile.make(folder.exports, of: Array(exports.utf8))
        guard let outputs else { return }
        let place = "\(folder.workspace)/\(outputs)"
        for path in [folder.workspace, place] {
            guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileProblem.last }
        }
        try SmallFile.make("\(place)/imageDetail.json", of: Array(detail.pretty.utf8))
        try SmallFile.make("\(place)/imagedefinitions.json", of: Array(definitions.pretty.utf8))
    }

    private var uri: String { "\(pushed.reference)" }

    private var exports: String {
        let tags = pushed.tags.map { "\($0)" }.joined(separator: ",")
        return "digest=\(pushed.digest)\nuri=\(uri)\ntags=\(tags)\n"
    }

    private var detail: JSON {
        ImageDetail(
            PinnedImage(pushed.repository, pushed.digest), tags: pushed.tags.map { "\($0)" },
            size: size, pushedAt: pushedAt,
            account: ECRHost("\(pushed.repository.host)").account
        ).json
    }

    private var definitions: JSON {
        [["name": .string(container), "imageUri": .string(uri)]]
    }
}
