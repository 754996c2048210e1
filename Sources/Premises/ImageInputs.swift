import Cryptography
import ECR
import Engine
import Git
import Glibc
import Images
import JSON
import Runner
import SmallFiles

/// What an action is given of a revision that is an image: a folder with `imageDetail.json`. It
/// follows from the revision alone, so it is made whenever somebody wants it and is not there.
struct ImageInputs {
    private static let file = "imageDetail.json"

    private let folder: String

    init(in sources: String) { folder = "\(sources)/images" }

    func folder(of revision: Revision, _ image: PinnedImage) throws(TreeProblem) -> String {
        let content = Self.content(of: image, revision)
        let tree = "\(folder)/\(SHA256.hex(of: content))/tree"
        let path = "\(tree)/\(Self.file)"
        do throws(FileProblem) {
            // What was written just before the power went may be there and empty.
            if (try? SmallFile.bytes(of: path)) == content { return tree }
            for part in [folder, parent(of: tree), tree] {
                guard unsafe mkdir(part, 0o755) == 0 || errno == EEXIST else {
                    throw FileProblem.last
                }
            }
            let aside = SmallFile.aside("\(parent(of: tree))/part")
            try SmallFile.make(aside, of: content, mode: 0o644)
            guard unsafe rename(aside, path) == 0 else { throw FileProblem.last }
            return tree
        } catch {
            throw TreeProblem("'\(revision.source)': cannot write '\(path)': \(error)")
        }
    }

    /// Takes away what none of the executions needs, nor an attempt that is under way, but for what
    /// was made so lately that nobody may have told of it yet.
    func retire(keeping executions: [Execution], inUse keys: Set<String>, sparing grace: Duration) {
        let needed = executions.flatMap(\.revisions).compactMap { revision in
            revision.image.map { SHA256.hex(of: Self.content(of: $0, revision)) }
        }
        let kept = keys.union(needed)
        for key in SmallFile.names(in: folder)
        where !kept.contains(key) && !isNew("\(folder)/\(key)/tree", since: grace) {
            for place in ["\(folder)/\(key)/tree", "\(folder)/\(key)"] {
                for name in SmallFile.names(in: place) { _ = unsafe unlink("\(place)/\(name)") }
                _ = unsafe rmdir(place)
            }
        }
    }

    private func isNew(_ path: String, since grace: Duration) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0
            && status.st_mtim.tv_sec > time(nil) - Int(grace.components.seconds)
    }

    private static func content(of image: PinnedImage, _ revision: Revision) -> [UInt8] {
        let account = ECRHost("\(image.repository.host)").account
        let detail = ImageDetail(image, tags: [revision.ref], account: account)
        return Array((detail.json.pretty + "\n").utf8)
    }

    private func parent(of tree: String) -> String { String(tree.dropLast("/tree".count)) }
}
