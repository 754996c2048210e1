import Attempts
import Glibc

// Trees of other actions and sources, to be read.
extension Stage {
    /// Gives back why one of them is a copy, if any is.
    func furnishInputs(
        _ spec: AttemptSpec, _ owners: inout TreeOwners, in folder: AttemptFolder
    ) throws(SandboxError) -> SandboxError? {
        guard !spec.inputs.isEmpty else { return nil }
        var problem: SandboxError?
        try make("/inputs")
        for input in spec.inputs {
            let place = "/inputs/\(input.name)"
            try make(place)
            do throws(SandboxError) {
                try owners.show(input.path, at: root + place)
            } catch {
                problem = error
                try show(try copy(input, for: spec, in: folder), at: place, View.readOnly)
            }
        }
        return problem
    }

    /// Where its files are the sandbox's own.
    private func copy(
        _ input: AttemptSpec.Input, for spec: AttemptSpec, in folder: AttemptFolder
    ) throws(SandboxError) -> String {
        let path = "\(folder.scratch)/input-\(input.name)"
        guard unsafe mkdir(folder.scratch, 0o755) == 0 || errno == EEXIST,
            unsafe mkdir(path, 0o755) == 0
        else { throw SandboxError.system("make '\(path)'") }
        try TreeCopy(owner: spec.slot).make([input.path], in: path)
        return path
    }
}
