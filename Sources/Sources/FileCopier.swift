import CSystem
import Git
import Glibc

/// Copies single entries, sharing the blocks on the disk where the file system can.
struct FileCopier {
    let modes: TreeModes
    /// Until the file systems have shown that they do not.
    private var canShare = true
    private var canCopyInKernel = true

    init(modes: TreeModes) { self.modes = modes }

    mutating func copy(
        _ name: RawName, from folder: borrowing OpenFolder, to target: borrowing OpenFolder
    ) throws(GitError) {
        switch try folder.status(name).kind {
        case .link: try target.makeLink(name, to: try folder.linkTarget(name))
        case .folder: try target.makeFolder(name).setMode(modes.folder)
        case .file: try copyFile(name, modes.file, from: folder, to: target)
        case .program: try copyFile(name, modes.program, from: folder, to: target)
        case .special(let what):
            throw FileStatus.Kind.refusal(of: what, at: folder.path.appending(name))
        }
    }

    private mutating func copyFile(
        _ name: RawName, _ mode: UInt32, from folder: borrowing OpenFolder,
        to target: borrowing OpenFolder
    ) throws(GitError) {
        let source = try folder.file(name)
        let copy = try target.makeFile(name, mode: mode)
        if shares(source, copy) { return }
        if try copiesInKernel(source, copy, name, target) { return }
        while true {
            let bytes = try source.read(upTo: Self.chunk)
            if bytes.isEmpty { return }
            try copy.write(bytes)
        }
    }

    private static let chunk = 1 << 18

    private mutating func shares(
        _ source: borrowing OpenFile, _ copy: borrowing OpenFile
    ) -> Bool {
        guard canShare else { return false }
        canShare = ioctl(copy.descriptor, slipway_clone_request(), source.descriptor) == 0
        return canShare
    }

    /// False where the kernel cannot, and has copied nothing.
    private mutating func copiesInKernel(
        _ source: borrowing OpenFile, _ copy: borrowing OpenFile, _ name: RawName,
        _ target: borrowing OpenFolder
    ) throws(GitError) -> Bool {
        var copied = 0
        while canCopyInKernel {
            let count = copy_file_range(
                source.descriptor, nil, copy.descriptor, nil, 1 << 30, 0)
            if count < 0, errno == EINTR { continue }
            if count == 0 { return true }
            if count < 0 {
                let cannot = [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EPERM].contains(errno)
                guard copied == 0, cannot else { throw target.failure("copy to", name) }
                canCopyInKernel = false
            }
            copied += count
        }
        return false
    }
}
